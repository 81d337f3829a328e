package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose models have namespaces that were reserved after they were made. */
@Tag("process")
class ReservedNamespacesTest {

    @TempDir
    Path directory;

    @Test
    void a_start_names_them_in_one_line_and_they_work_while_new_models_are_refused() throws Exception {
        start().close();
        assertThat(reports()).isEmpty();
        Path catalogFile = directory.resolve("data").resolve("catalog.sqlite");
        try (SqliteCatalog catalog = SqliteCatalog.open(catalogFile, Failpoints.NONE)) {
            catalog.write(tx -> tx.models().insert(ModelName.of("hf", "old"), "", Instant.EPOCH));
            catalog.write(tx -> tx.models().insert(ModelName.of("docs", "old"), "", Instant.EPOCH));
        }
        try (ServerProcess server = start()) {
            assertThat(reports()).singleElement().asString().contains("WARN", "docs, hf");
            publish(server);
            assertThat(server.get("/api/v1/models/hf/old/resolve?selector=latest")
                            .path("version")
                            .asString())
                    .isEqualTo("1.0.0");
            ServerProcess.Answer refused = server.call("POST", "/api/v1/models/hf/new/drafts", "{}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().path("field").asString()).isEqualTo("namespace");
            assertThat(refused.body().path("detail").asString()).contains("The namespace hf is reserved");
            assertThat(server.call("POST", "/api/v1/models/hf-team/new/drafts", "{}")
                            .ok())
                    .isTrue();
        }
    }

    /** Tests are silent otherwise. */
    private ServerProcess start() throws Exception {
        return ServerProcess.start(directory, "", "-Xmx256m", "-XX:TieredStopAtLevel=1");
    }

    private List<String> reports() throws Exception {
        return Files.readAllLines(directory.resolve("stderr")).stream()
                .filter(line -> line.contains("reserved"))
                .toList();
    }

    private static void publish(ServerProcess server) throws Exception {
        String draft = server.call("POST", "/api/v1/models/hf/old/drafts", "{}")
                .body()
                .path("id")
                .asString();
        server.call("PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", "bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(server.call("POST", "/api/v1/drafts/" + draft + "/publish", "{\"version\":\"1.0.0\",\"card\":{}}")
                        .status())
                .isEqualTo(201);
    }
}
