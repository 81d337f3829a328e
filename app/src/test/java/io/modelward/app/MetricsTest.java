package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads from a running server. */
class MetricsTest {

    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*");
    private static final Pattern SAMPLE =
            Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\",?)*})?"
                    + " (NaN|[+-]Inf|-?[0-9.]+(E-?[0-9]+)?)");

    @TempDir
    static Path directory;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Application application;

    @BeforeAll
    static void start() throws Exception {
        application = new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen",
                                "127.0.0.1:0",
                                "data.directory",
                                directory.resolve("data").toString())),
                Map.of());
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** The rules of {@code promtool check metrics}, as far as names tell. */
    @Test
    void names_say_their_unit_whole_and_end_as_their_kind_does() throws Exception {
        Pattern type = Pattern.compile("# TYPE (\\S+) (\\S+)");
        List<String> wrong = new ArrayList<>();
        for (String line : metrics().body().split("\n", -1)) {
            Matcher found = type.matcher(line);
            if (!found.matches()) {
                continue;
            }
            String name = found.group(1);
            boolean counter = found.group(2).equals("counter");
            boolean many = found.group(2).equals("histogram") || found.group(2).equals("summary");
            if (counter != name.endsWith("_total")
                    || (!many && name.matches(".*_(count|sum|bucket)"))
                    || name.matches(".*_(ns|us|ms|milliseconds|minutes|hours|kb|mb|gb|percent)(_.*)?")
                    || name.matches(".*[A-Z].*")) {
                wrong.add(line);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static HttpResponse<String> metrics() throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(application.address() + "/metrics"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void every_line_is_of_the_text_format_and_no_series_is_there_twice() throws Exception {
        HttpResponse<String> answer = metrics();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        Set<String> series = new HashSet<>();
        assertThat(answer.body()).endsWith("\n");
        for (String line : answer.body().split("\n")) {
            assertThat(line).matches(line.startsWith("#") ? COMMENT : SAMPLE);
            assertThat(line.startsWith("#") || series.add(line.substring(0, line.lastIndexOf(' '))))
                    .as(line)
                    .isTrue();
        }
    }

    @Test
    void the_server_is_seen_as_a_whole() throws Exception {
        metrics();
        String text = metrics().body();
        for (String name : List.of(
                "jvm_memory_used_bytes{area=\"heap\"",
                "jvm_threads_live_threads ",
                "jvm_gc_",
                "process_cpu_usage ",
                "process_uptime_seconds ",
                "process_files_open_files ",
                "modelward_build_info{release=\"" + Application.RELEASE + "\"} 1",
                "modelward_prediction_log_kept_total 0",
                "modelward_prediction_log_lost_total 0",
                "modelward_http_requests_total{method=\"GET\",status=\"2xx\"} ")) {
            assertThat(text).contains("\n" + name);
        }
    }

    @Test
    void a_caller_cannot_make_series() throws Exception {
        for (String name : List.of("made-up", "made-up-too")) {
            HTTP.send(
                    HttpRequest.newBuilder(URI.create(application.address() + "/predict/" + name))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"instances\":[[1]]}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        HTTP.send(
                HttpRequest.newBuilder(URI.create(application.address() + "/livez"))
                        .method("MADEUP", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(metrics().body())
                .contains("modelward_predictions_rejected_total{endpoint=\"\",status=\"404\"} 2")
                .doesNotContain("made-up", "MADEUP");
    }
}
