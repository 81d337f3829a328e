package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.store.failpoint.ScriptedFailpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends the process while deleted versions give up their bytes, and while a blob is removed. */
@Tag("process")
class RetentionCrashTest {

    private static final String MODEL = "/api/v1/models/default/iris";
    private static final String SETTINGS =
            "retention.undelete-window=0d\nretention.automatic=false\nstorage.gc-grace=1s\n";

    @TempDir
    Path directory;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"retention.purge-before-audit:2", "disk.delete:2"})
    void what_a_crash_broke_off_is_done_again_and_what_stays_is_whole(String failpoint) throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, SETTINGS)) {
            for (String version : List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0")) {
                publish(server, version);
            }
            assertThat(server.call("PUT", MODEL + "/retention", "{\"keep_last\":1,\"delete_after\":\"0d\"}")
                            .status())
                    .isEqualTo(200);
        }
        TimeUnit.MILLISECONDS.sleep(1100);
        ServerProcess dying = ServerProcess.start(directory, SETTINGS + "test.failpoints=" + failpoint + "=halt\n");
        try {
            assertThat(dying.started()).isTrue();
            clean(dying);
        } catch (IOException died) {
            // This is what the test is about.
        }
        assertThat(dying.exitCode()).as("the failpoint was reached").isEqualTo(ScriptedFailpoints.HALTED);
        try (ServerProcess server = ServerProcess.start(directory, SETTINGS)) {
            assertThat(server.started()).isTrue();
            clean(server);
            assertThat(server.get(MODEL + "/versions").get("versions")).hasSize(1);
            assertThat(server.get(MODEL + "/retention").get("deleted"))
                    .hasSize(3)
                    .allMatch(one -> one.has("purged_at"));
            assertThat(server.call("POST", "/api/v1/verify", "{}").body().get("damaged"))
                    .isEmpty();
            assertThat(server.get("/api/v1/audit?action=version.delete").get("entries"))
                    .hasSize(3);
            assertThat(server.get("/api/v1/audit?action=version.purge").get("entries"))
                    .hasSize(3);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("data/blobs/sha256"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    private static void publish(ServerProcess server, String version) throws IOException {
        String draft =
                server.call("POST", MODEL + "/drafts", "{}").body().path("id").asString();
        byte[] content = ("the content of " + version).getBytes(StandardCharsets.UTF_8);
        server.call("PUT", "/api/v1/drafts/" + draft + "/files/f", content);
        assertThat(server.call(
                                "POST",
                                "/api/v1/drafts/" + draft + "/publish",
                                "{\"version\":\"" + version + "\",\"card\":{}}")
                        .status())
                .isEqualTo(201);
    }

    /** Runs the rule, then collects until a collection has ended. */
    private static void clean(ServerProcess server) throws Exception {
        assertThat(server.call("POST", MODEL + "/retention/run", "{\"confirm\":true}")
                        .status())
                .isEqualTo(200);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // The collection of the start may be under way.
        while (server.call("POST", "/api/v1/gc", "{}").status() == 409) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        while (server.get("/api/v1/gc").get("running").asBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
