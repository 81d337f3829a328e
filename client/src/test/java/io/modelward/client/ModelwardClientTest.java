package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelwardClientTest {

    private static final ModelName IRIS = ModelName.parse("iris");

    private final FakeServer server = new FakeServer();
    private final ModelwardClient client = new ModelwardClient(server.url(), "tester");

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void a_file_is_sent_with_its_length_and_its_digest(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("x"), "hello");
        client.putFile("d1", FilePath.parse("a/model.bin"), file, TransferProgress.NONE);
        FakeServer.Asked put = server.asked().getFirst();
        assertThat(put.method()).isEqualTo("PUT");
        assertThat(put.target()).isEqualTo("/api/v1/drafts/d1/files/a/model.bin");
        assertThat(put.body()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(put.headers().getFirst("Content-Length")).isEqualTo("5");
        assertThat(put.headers().getFirst("Content-Digest"))
                .isEqualTo("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:");
        assertThat(put.headers().getFirst("Modelward-Actor")).isEqualTo("tester");
    }

    @Test
    void an_empty_file_is_sent(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("x"));
        client.putFile("d1", FilePath.parse("empty"), file, TransferProgress.NONE);
        assertThat(server.asked().getFirst().body()).isEmpty();
    }

    @Test
    void a_list_is_read_to_its_end() {
        server.answering(asked -> FakeServer.json(
                200,
                asked.target().contains("page_token=b%3D%26")
                        ? "{\"versions\":[{\"version\":\"2.0.0\"}]}"
                        : "{\"versions\":[{\"version\":\"1.0.0\"}],\"next_page_token\":\"b=&\"}"));
        JsonNode versions = client.versions(IRIS);
        assertThat(Json.write(versions)).isEqualTo("{\"versions\":[{\"version\":\"1.0.0\"},{\"version\":\"2.0.0\"}]}");
    }

    @Test
    void no_more_of_a_list_is_read_than_was_asked_for() {
        server.answering(_ -> FakeServer.json(200, "{\"entries\":[{},{}],\"next_page_token\":\"more\"}"));
        client.audit(Optional.empty(), 2);
        assertThat(server.asked()).hasSize(1);
        assertThat(server.asked().getFirst().target()).isEqualTo("/api/v1/audit?page_size=2");
    }

    @Test
    void a_selector_travels_in_the_query() {
        client.resolve(IRIS, "^1.2 || champion");
        assertThat(server.asked().getFirst().target())
                .isEqualTo("/api/v1/models/default/iris/resolve?selector=%5E1.2%20%7C%7C%20champion");
    }

    @Test
    void an_alias_is_set_only_when_its_etag_still_matches() {
        ApiResponse answer = client.setAlias(IRIS, "champion", "1.1.0", Optional.of("why"), Optional.of("\"3\""));
        FakeServer.Asked put = server.asked().getFirst();
        assertThat(put.headers().getFirst("If-Match")).isEqualTo("\"3\"");
        assertThat(put.body()).asString().isEqualTo("{\"version\":\"1.1.0\",\"reason\":\"why\"}");
        assertThat(answer.etag()).contains("\"7\"");
    }

    @Test
    void a_problem_carries_all_that_the_server_said() {
        server.answering(_ -> FakeServer.json(
                422,
                "{\"type\":\"urn:modelward:problem:refused\",\"detail\":\"too"
                        + " low\",\"field\":\"version\",\"least_version\":\"2.0.0\"}"));
        ApiException refused = catchThrowableOfType(ApiException.class, () -> client.models());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.type()).isEqualTo("refused");
        assertThat(refused.detail()).isEqualTo("too low");
        assertThat(refused.field()).contains("version");
        assertThat(refused.problem().path("least_version").asString()).isEqualTo("2.0.0");
    }

    @Test
    void an_answer_that_no_modelward_gives_is_an_unreachable_server() {
        server.answering(
                _ -> new FakeServer.Told(502, "text/html", "<h1>Bad gateway</h1>".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(client::models)
                .isInstanceOf(Unreachable.class)
                .hasMessageContaining("502")
                .hasMessageContaining("not a Modelward server");
        server.answering(_ -> new FakeServer.Told(200, "text/html", "<h1>Hello</h1>".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(client::models).isInstanceOf(Unreachable.class);
    }

    @Test
    void no_server_is_an_unreachable_server() {
        try (ModelwardClient nobody = new ModelwardClient(URI.create("http://127.0.0.1:1"), "tester")) {
            assertThatThrownBy(nobody::status)
                    .isInstanceOf(Unreachable.class)
                    .hasMessageContaining("http://127.0.0.1:1");
        }
    }

    @Test
    void a_server_below_a_path_is_reached_there() {
        try (ModelwardClient below = new ModelwardClient(URI.create(server.url() + "/ward/"), "tester")) {
            below.status();
        }
        assertThat(server.asked().getFirst().target()).isEqualTo("/ward/api/v1/status");
    }
}
