package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.CanonicalJson;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    private static final byte[] MODEL = "model".getBytes(StandardCharsets.UTF_8);

    private final FakeServer server = new FakeServer();
    private final List<String> published = new ArrayList<>();

    @TempDir
    private Path root;

    @BeforeEach
    void keepWhatIsPublished() {
        server.answering(asked -> {
            if (asked.target().contains("/versions?")) {
                return FakeServer.json(200, "{\"versions\":[" + String.join(",", published) + "]}");
            }
            if (asked.target().endsWith("/publish")) {
                return publish(Json.parse(asked.body(), "body").path("version").asString(""));
            }
            return FakeServer.json(200, "{\"id\":\"d1\"}");
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void versions_go_in_semver_order_and_a_refusal_does_not_stop_the_rest() throws IOException {
        for (String version : List.of("1.10.0", "1.9.0", "1.0.0", "notes", "v7")) {
            write("iris/" + version);
        }
        Files.delete(root.resolve("iris/notes/metadata.json"));
        Files.createDirectories(root.resolve("iris/2.0.0"));
        Ran ran = Ran.modelward(server, "import", root.toString());
        assertThat(ran.out().lines())
                .containsExactly(
                        "default/iris@1.0.0: published",
                        "default/iris@1.9.0: refused: not 1.9.0",
                        "default/iris@1.10.0: published",
                        "default/iris@2.0.0: refused: it has no metadata.json and no card.json",
                        "default/iris@notes: skipped: its name is not a Semantic Version such as 1.2.0",
                        "default/iris@v7: refused: its name is not a Semantic Version such as 1.2.0;"
                                + " --lenient takes it as 7.0.0",
                        "",
                        "2 published, 1 skipped, 3 refused");
        assertThat(ran.code()).isEqualTo(5);
    }

    @Test
    void a_second_run_finds_everything_there_and_sends_nothing() throws IOException {
        write("iris/1.0.0");
        write("iris/1.1.0");
        assertThat(Ran.modelward(server, "import", root.toString()).code()).isZero();
        long sent = count("PUT");
        Ran again = Ran.modelward(server, "import", root.toString());
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("default/iris@1.0.0: already there").contains("2 already there");
        assertThat(count("PUT")).isEqualTo(sent).isEqualTo(2);
    }

    @Test
    void other_content_under_a_published_number_is_refused() throws IOException {
        write("iris/1.0.0");
        Ran.modelward(server, "import", root.toString());
        Files.writeString(root.resolve("iris/1.0.0/model.joblib"), "other");
        Ran again = Ran.modelward(server, "import", root.toString());
        assertThat(again.code()).isEqualTo(5);
        assertThat(again.out()).contains("refused: it is published already, with other content");
    }

    @Test
    void a_script_gets_what_became_of_each() throws IOException {
        write("iris/1.0.0");
        Ran ran = Ran.modelward(server, "import", root.toString(), "--json");
        assertThat(ran.out())
                .isEqualToIgnoringWhitespace(
                        "{\"versions\":[{\"model\":\"default/iris\",\"version\":\"1.0.0\",\"folder\":\"iris/1.0.0\",\"outcome\":\"published\",\"detail\":\"\"}]}");
    }

    @Test
    void a_dry_run_sends_nothing_and_says_what_a_run_would_do() throws IOException {
        write("iris/1.0.0");
        write("iris/v1.1.0");
        Ran dry = Ran.modelward(server, "import", root.toString(), "--lenient", "--dry-run");
        assertThat(dry.out().lines())
                .containsExactly(
                        "default/iris@1.0.0: would be published",
                        "default/iris@1.1.0 (iris/v1.1.0): would be published",
                        "",
                        "2 would be published");
        assertThat(dry.code()).isZero();
        assertThat(count("GET")).isEqualTo(server.asked().size());
        Ran run = Ran.modelward(server, "import", root.toString(), "--lenient");
        assertThat(run.out()).contains("default/iris@1.1.0 (iris/v1.1.0): published");
        assertThat(run.err()).contains("Uploaded default/iris@1.1.0 model.joblib");
        assertThat(Ran.modelward(server, "import", root.toString(), "--lenient").out())
                .contains("2 already there");
    }

    @Test
    void a_folder_is_the_version_that_map_says() throws IOException {
        write("iris/first");
        Ran run = Ran.modelward(server, "import", root.toString(), "--map", "iris/first=1.0.0");
        assertThat(run.out()).contains("default/iris@1.0.0 (iris/first): published");
        Ran wrong = Ran.modelward(server, "import", root.toString(), "--map", "frist=1.0.0");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--map names a folder that is not there: frist.");
    }

    @Test
    void a_card_may_be_card_json_and_a_wrong_one_is_named() throws IOException {
        write("iris/1.0.0");
        Files.move(root.resolve("iris/1.0.0/metadata.json"), root.resolve("iris/1.0.0/card.json"));
        write("iris/1.1.0");
        Files.writeString(root.resolve("iris/1.1.0/metadata.json"), "no json");
        Ran run = Ran.modelward(server, "import", root.toString());
        assertThat(run.out()).contains("default/iris@1.0.0: published");
        assertThat(run.out()).contains("default/iris@1.1.0: refused: iris/1.1.0/metadata.json: This is not valid JSON");
        assertThat(count("PUT")).as("the card is no file of the version").isEqualTo(1);
    }

    private FakeServer.Told publish(String version) {
        if (version.equals("1.9.0")) {
            return FakeServer.json(422, "{\"detail\":\"not 1.9.0\"}");
        }
        FileEntry file = new FileEntry(FilePath.parse("model.joblib"), MODEL.length, Digest.of(MODEL));
        Digest card = Digest.of(CanonicalJson.bytes(Json.parse("{\"name\":\"x\"}", "card")));
        String digest = Manifest.of(List.of(file), card).digest().toString();
        String answer = "{\"version\":\"" + version + "\",\"digest\":\"" + digest + "\"}";
        published.add(answer);
        return FakeServer.json(201, answer);
    }

    private void write(String path) throws IOException {
        Path directory = Files.createDirectories(root.resolve(path));
        Files.write(directory.resolve("model.joblib"), MODEL);
        Files.writeString(directory.resolve("metadata.json"), "{\"name\":\"x\"}");
    }

    private long count(String method) {
        return server.asked().stream()
                .filter(asked -> asked.method().equals(method))
                .count();
    }
}
