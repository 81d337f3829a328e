package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk writes answer 507 and reads go on. */
@Tag("process")
class FullDiskTest {

    private static final String CARD = "{\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}}";

    @TempDir
    Path directory;

    @Test
    void writes_answer_507_and_reads_go_on() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            publish(server, "1.0.0", 201);
        }
        try (ServerProcess server = ServerProcess.start(directory, "test.failpoints=disk.write:1=full\n")) {
            String draft = server.call("POST", "/api/v1/models/default/iris/drafts", "{}")
                    .body()
                    .path("id")
                    .asString();
            ServerProcess.Answer refused = server.call(
                    "PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", "bytes".getBytes(StandardCharsets.UTF_8));
            assertThat(refused.status()).as(refused.toString()).isEqualTo(507);
            assertThat(refused.body().get("detail").asString())
                    .contains("disk is full")
                    .doesNotContain("/");
            assertThat(server.get("/api/v1/models/default/iris/versions").get("versions"))
                    .hasSize(1);
            assertThat(server.call("POST", "/api/v1/verify", "{}")
                            .body()
                            .get("intact")
                            .booleanValue())
                    .isTrue();
        }
        try (ServerProcess server = ServerProcess.start(directory, "test.failpoints=catalog.before-commit:1=full\n")) {
            assertThat(server.call("POST", "/api/v1/models/default/iris/drafts", "{}")
                            .status())
                    .isEqualTo(507);
            assertThat(server.get("/api/v1/models/default/iris/versions").get("versions"))
                    .hasSize(1);
        }
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            publish(server, "1.1.0", 201);
        }
    }

    private static void publish(ServerProcess server, String version, int expected) throws Exception {
        String draft = server.call("POST", "/api/v1/models/default/iris/drafts", "{}")
                .body()
                .path("id")
                .asString();
        server.call("PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", version.getBytes(StandardCharsets.UTF_8));
        ServerProcess.Answer published = server.call(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                "{\"version\":\"" + version + "\",\"card\":" + CARD + "}");
        assertThat(published.status()).isEqualTo(expected);
    }
}
