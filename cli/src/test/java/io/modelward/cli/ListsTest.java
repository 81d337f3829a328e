package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lists ask the server for, what they leave out, and what mistakes in commands are answered with. */
class ListsTest {

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "predictions; /api/v1/predictions?page_size=100",
                "predictions --version iris@1.2.0 --status failed --limit 5;"
                        + " /api/v1/predictions?model=default%2Firis&version=1.2.0&status=failed&page_size=5",
                "predictions --model iris --version ^1 --endpoint e --status 500;"
                        + " /api/v1/predictions?endpoint=e&model=default%2Firis&version=%5E1&status=500&page_size=100",
                "predictions --since 2026-11-01 --until 2026-11-02T10:00:00Z; /api/v1/predictions"
                        + "?since=2026-11-01T00%3A00%3A00Z&until=2026-11-02T10%3A00%3A00Z&page_size=100",
                "audit iris --by ann --action rollout;"
                        + " /api/v1/audit?subject=default%2Firis&by=ann&action=rollout&page_size=100",
                "audit endpoint:iris --since 2026-11-01;"
                        + " /api/v1/audit?subject=endpoint%3Airis&since=2026-11-01T00%3A00%3A00Z&page_size=100",
                "diff iris@1.0.0 1.1.0; /api/v1/models/default/iris/compare?from=1.0.0&to=1.1.0",
                "diff iris@1.0.0 iris; /api/v1/models/default/iris/compare?from=1.0.0&to=latest",
                "list --search ir; /api/v1/models?search=ir&page_size=100"
            })
    void a_filter_travels_in_the_query(String line, String target) {
        Ran ran = Ran.modelward(server, line.split(" "));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(server.asked()).extracting(FakeServer.Asked::target).containsExactly(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "predictions --version 1.2.0; NAME@1.2.0",
                "predictions --model wine --version iris@1.2.0; leave out --model",
                "predictions --status bad; --status is",
                "predictions --since yesterday; --since is",
                "audit --until never; --until is",
                "list iris --search x; --search looks for models",
                "list --limit 0; --limit is",
                "show iris 1.2.0; iris@1.2.0",
                "get iris 1.2.0; iris@1.2.0",
                "diff iris 1.2.0 1.2.1; iris@1.2.0 iris@1.2.1",
                "show iris@1.0.0 more; There is no place for \"more\"",
                "lsit; Did you mean list?",
                "list --limt 3; Did you mean --limit?",
                "rollout strat iris 1.0.0; Did you mean start?",
                "completion tcsh; SHELL"
            })
    void a_mistake_is_told_with_what_may_have_been_meant(String line, String words) {
        Ran ran = Ran.modelward(line.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({"bogus", "delete", "version-of-the-server", "--bogus"})
    void nothing_is_suggested_that_is_not_near(String written) {
        Ran ran = Ran.modelward(written);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("\"" + written + "\"").doesNotContain("Did you mean");
    }

    @Test
    void a_page_that_is_empty_does_not_end_a_list() {
        server.answering(asked -> FakeServer.json(
                200,
                asked.target().contains("page_token")
                        ? "{\"predictions\":[{\"prediction_id\":\"p-7\",\"model\":\"a/b\",\"model_version\":\"1.0.0\"}]}"
                        : "{\"predictions\":[],\"next_page_token\":\"t\"}"));
        assertThat(Ran.modelward(server, "predictions").out()).contains("p-7", "a/b@1.0.0");
    }

    @Test
    void versions_are_the_last_twenty_and_all_for_a_script() {
        String versions = IntStream.range(0, 25)
                .mapToObj(minor -> "{\"version\":\"1." + minor + ".0\"}")
                .collect(Collectors.joining(","));
        server.answering(asked -> FakeServer.json(
                200,
                asked.target().contains("/versions")
                        ? "{\"versions\":[" + versions + "]}"
                        : "{\"aliases\":{},\"endpoints\":[]}"));
        Ran ran = Ran.modelward(server, "list", "iris");
        assertThat(ran.out().lines()).hasSize(21).last().asString().startsWith("1.24.0");
        assertThat(ran.err()).contains("Before them there are 5 more. To see all: --limit 25");
        assertThat(Json.parse(Ran.modelward(server, "list", "iris", "--json").out(), "out")
                        .path("versions"))
                .hasSize(25);
        assertThat(Json.parse(
                        Ran.modelward(server, "list", "iris", "--json", "--limit", "2")
                                .out(),
                        "out"))
                .hasToString("{\"versions\":[{\"version\":\"1.23.0\"},{\"version\":\"1.24.0\"}]}");
    }

    @Test
    void a_list_that_the_server_gives_whole_is_cut_and_says_so() {
        server.answering(_ -> FakeServer.json(200, "{\"endpoints\":[{\"endpoint\":\"a\"},{\"endpoint\":\"b\"}]}"));
        Ran ran = Ran.modelward(server, "endpoint", "list", "--limit", "1");
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.err()).contains("There are more. To see them: --limit 10");
    }

    @Test
    void the_audit_of_a_version_has_what_is_kept_under_its_model() {
        server.answering(asked -> {
            if (asked.target().contains("/resolve")) {
                return FakeServer.json(200, "{\"version\":\"1.2.0\"}");
            }
            return FakeServer.json(
                    200,
                    asked.target().contains("%401.2.0")
                            ? "{\"entries\":[{\"sequence\":4,\"action\":\"version.tag\"}]}"
                            : "{\"entries\":[{\"sequence\":7,\"action\":\"alias.set\",\"detail\":{\"version\":\"1.2.0\"}},"
                                    + "{\"sequence\":3,\"action\":\"publish\",\"detail\":{\"version\":\"1.1.0\"}}]}");
        });
        Ran ran = Ran.modelward(server, "audit", "iris@champion", "--json");
        assertThat(Json.parse(ran.out(), "out").path("entries").valueStream().map(one -> Text.of(one, "action")))
                .containsExactly("alias.set", "version.tag");
    }

    @Test
    void a_publish_without_a_version_is_refused_before_anything_is_sent(@TempDir Path directory) throws IOException {
        Path model = Files.writeString(directory.resolve("model.joblib"), "hello");
        Path card = Files.writeString(directory.resolve("card.json"), "{\"name\":\"Iris\"}");
        Ran ran = Ran.modelward(server, "publish", "iris", model.toString(), "--card", card.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--version X").contains("--bump auto");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void an_environment_that_is_being_built_is_told_of_while_an_endpoint_waits_for_it() {
        CountDownLatch seen = new CountDownLatch(2);
        try (FakeServer slow = new FakeServer()) {
            slow.answering(asked -> {
                if (asked.method().equals("PUT")) {
                    return await(seen);
                }
                if (asked.target().contains("/resolve")) {
                    return FakeServer.json(200, "{\"version\":\"1.0.0\"}");
                }
                // The note is written between two looks.
                seen.countDown();
                return FakeServer.json(200, "{\"version\":\"1.0.0\",\"environment\":{\"state\":\"building\"}}");
            });
            Ran ran = Ran.modelward(slow, "endpoint", "create", "iris", "iris@1.0.0");
            assertThat(ran.code()).isZero();
            assertThat(ran.err()).contains("The Python environment of default/iris@1.0.0 is being built");
        }
    }

    private static FakeServer.Told await(CountDownLatch seen) {
        try {
            assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return FakeServer.json(201, "{\"endpoint\":\"iris\",\"state\":\"SERVING\"}");
    }

    @Test
    void a_trace_tells_the_one_time_when_the_version_was_live_for_the_prediction() {
        server.answering(_ -> FakeServer.json(200, """
                {"prediction":{"time":"2026-11-24T12:00:00Z"},"version":{},"route":{"revision":3},"live":[
                 {"from":"2026-11-24T10:00:00Z","to":"2026-11-24T11:00:00Z","revision":1},
                 {"from":"2026-11-24T11:30:00Z","to":"2026-11-24T12:30:00Z","revision":3},
                 {"from":"2026-11-24T14:00:00Z","revision":5}]}"""));
        assertThat(Ran.modelward(server, "trace", "p").out().lines().filter(line -> line.contains("live")))
                .containsExactly("  live            from 2026-11-24 11:30:00Z to 2026-11-24 12:30:00Z, revision 3,"
                        + " and at 2 other times (see --json)");
    }
}
