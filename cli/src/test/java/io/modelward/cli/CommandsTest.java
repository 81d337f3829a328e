package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void models_are_a_table() {
        server.answering(_ -> FakeServer.json(200, """
                {"models":[{"model":"default/iris","versions":12,"latest":"1.10.0","aliases":{"champion":"1.9.0","old":"1.0.0"}},
                           {"model":"team/x","versions":0,"aliases":{}}]}"""));
        assertThat(Ran.modelward(server, "list").out().lines())
                .containsExactly(
                        "MODEL         VERSIONS  LATEST  ALIASES",
                        "default/iris        12  1.10.0  champion 1.9.0, old 1.0.0",
                        "team/x               0");
    }

    @Test
    void a_script_gets_one_document_and_nothing_else() {
        server.answering(_ -> FakeServer.json(200, "{\"models\":[]}"));
        for (String[] asked : new String[][] {{"list", "--json"}, {"--json", "list"}}) {
            Ran ran = Ran.modelward(server, asked);
            assertThat(ran.out()).isEqualToIgnoringWhitespace("{\"models\":[]}");
            assertThat(ran.err()).isEmpty();
        }
    }

    @Test
    void damaged_files_are_named_and_the_exit_code_is_5() {
        server.answering(_ -> FakeServer.json(200, """
                {"intact":false,"files":3,"bytes":2048,"damaged":[
                  {"model":"default/iris","version":"1.0.0","path":"model.joblib","what":"its bytes have another digest"}]}"""));
        Ran ran = Ran.modelward(server, "verify", "iris@1.0.0");
        assertThat(ran.code()).isEqualTo(5);
        assertThat(ran.out().lines())
                .containsExactly(
                        "damaged: default/iris@1.0.0 model.joblib: its bytes have another digest",
                        "1 thing damaged or missing, of 3 files, 2.0 KiB hashed again.");
        assertThat(server.asked().getFirst().body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"model\":\"default/iris\",\"version\":\"1.0.0\"}");
    }

    @Test
    void a_trace_compares_a_file_with_what_was_sent_byte_for_byte(@TempDir Path folder) throws Exception {
        byte[] body = "{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);
        Path sent = Files.write(folder.resolve("sent.json"), body);
        Path other = Files.writeString(folder.resolve("other.json"), "{\"instances\":[[1, 2]]}");
        server.answering(_ -> FakeServer.json(
                200, "{\"prediction\":{\"prediction_id\":\"p\",\"input_sha256\":\"" + Digest.of(body) + "\"}}"));
        Ran same = Ran.modelward(server, "trace", "p", "--input", sent.toString());
        assertThat(same.code()).isZero();
        assertThat(same.out()).contains("sent.json is what was sent, byte for byte.");
        Ran different = Ran.modelward(server, "trace", "p", "--input", other.toString());
        assertThat(different.code()).isEqualTo(5);
        assertThat(different.out())
                .contains("other.json is not what was sent", Digest.of(body).toString());
        Ran json = Ran.modelward(server, "trace", "p", "--input", other.toString(), "--json");
        assertThat(Json.parse(json.out().getBytes(StandardCharsets.UTF_8), "out")
                        .at("/input/same"))
                .hasToString("false");
        Ran missing = Ran.modelward(
                server, "trace", "p", "--input", folder.resolve("none").toString());
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("none cannot be read");
    }

    @Test
    void a_flip_says_all_that_it_depends_on() {
        Ran.modelward(
                server,
                "flip",
                "iris",
                "team/iris@^1.1",
                "--reason",
                "better",
                "--expected-revision",
                "3",
                "--actor",
                "ann",
                "--change-contract");
        FakeServer.Asked flip = server.asked().getFirst();
        assertThat(flip.method() + " " + flip.target()).isEqualTo("POST /api/v1/endpoints/iris/flip");
        assertThat(flip.headers().getFirst("Modelward-Actor")).isEqualTo("ann");
        assertThat(flip.body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(
                        "{\"model\":\"team/iris\",\"version\":\"^1.1\",\"reason\":\"better\",\"expected_revision\":3,\"change_contract\":true}");
    }

    @Test
    void a_prediction_says_which_version_made_it() {
        server.answering(_ -> FakeServer.json(200, """
                {"predictions":[{"prediction":0},1],"model":"default/iris","model_version":"1.1.0","digest":"sha256:ab","prediction_id":"p-1"}"""));
        assertThat(Ran.modelward(server, "predict", "iris", "[[5.1,3.5]]").out().lines())
                .containsExactly(
                        "{\"prediction\":0}",
                        "1",
                        "",
                        "  answered by     default/iris@1.1.0",
                        "  digest          sha256:ab",
                        "  prediction id   p-1");
    }

    @Test
    void a_refused_publish_leaves_no_draft(@TempDir Path directory) throws IOException {
        Path model = Files.writeString(directory.resolve("model.joblib"), "hello");
        Path card = Files.writeString(directory.resolve("card.json"), "{\"name\":\"Iris\"}");
        server.answering(asked -> asked.target().endsWith("/drafts")
                ? FakeServer.json(201, "{\"id\":\"d1\"}")
                : asked.target().endsWith("/publish")
                        ? FakeServer.json(422, "{\"detail\":\"too low\"}")
                        : FakeServer.json(200, "{}"));
        Ran ran = Ran.modelward(
                server,
                "publish",
                "iris",
                model.toString(),
                "--card",
                card.toString(),
                "--bump",
                "auto",
                "--reason",
                "r");
        assertThat(ran.code()).isEqualTo(5);
        assertThat(server.asked())
                .extracting(asked -> asked.method() + " " + asked.target())
                .containsExactly(
                        "POST /api/v1/models/default/iris/drafts",
                        "PUT /api/v1/drafts/d1/files/model.joblib",
                        "POST /api/v1/drafts/d1/publish",
                        "DELETE /api/v1/drafts/d1");
        assertThat(server.asked().get(2).body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"bump\":\"auto\",\"reason\":\"r\",\"card\":{\"name\":\"Iris\"}}");
    }

    @Test
    void a_wrong_card_is_refused_before_anything_is_sent(@TempDir Path directory) throws IOException {
        Path model = Files.writeString(directory.resolve("model.joblib"), "hello");
        Path card = Files.writeString(
                directory.resolve("card.json"), "{\"author\":5,\"performance\":{\"accuracy\":\"x\"}}");
        Ran ran = Ran.modelward(server, "publish", "iris", model.toString(), "--card", card.toString());
        assertThat(ran.code()).isEqualTo(5);
        assertThat(ran.err()).contains("author: must be a string").contains("performance.accuracy");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void get_downloads_every_file_and_the_card_and_takes_no_file_twice(@TempDir Path directory) {
        String version =
                "{\"model\":\"default/iris\",\"version\":\"1.0.0\",\"size\":5,\"files\":[{\"path\":\"a/model.bin\","
                        + "\"size\":5,\"sha256\":\"sha256:" + HELLO + "\"}]}";
        server.answering(asked -> asked.target().contains("/files/")
                ? new FakeServer.Told(200, "application/octet-stream", "hello".getBytes(StandardCharsets.UTF_8))
                : FakeServer.json(200, asked.target().endsWith("/card") ? "{\"name\":\"Iris\"}" : version));
        Path target = directory.resolve("out");
        Ran first = Ran.modelward(server, "get", "iris@champion", "-o", target.toString());
        assertThat(first.code()).isZero();
        assertThat(target.resolve("a/model.bin")).hasContent("hello");
        assertThat(target.resolve("card.json")).content().isEqualToIgnoringWhitespace("{\"name\":\"Iris\"}");
        Ran second = Ran.modelward(server, "get", "iris@champion", "-o", target.toString());
        assertThat(second.err()).contains("Already there: a/model.bin");
        assertThat(server.asked())
                .filteredOn(asked -> asked.target().contains("/files/"))
                .hasSize(1);
    }

    @Test
    void a_server_cannot_write_outside_of_the_directory(@TempDir Path directory) {
        server.answering(_ -> FakeServer.json(
                200,
                "{\"model\":\"default/iris\",\"version\":\"1.0.0\",\"files\":[{\"path\":\"../evil\",\"size\":5,\"sha256\":\"sha256:"
                        + HELLO + "\"}]}"));
        Ran ran = Ran.modelward(
                server, "get", "iris", "-o", directory.resolve("out").toString());
        assertThat(ran.code()).isNotZero();
        assertThat(directory).isEmptyDirectory();
    }
}
