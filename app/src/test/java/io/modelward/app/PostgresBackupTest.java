package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.store.postgres.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** A registry with its catalog in PostgreSQL is backed up as the guide says, and restored, with pg_dump itself. */
@Tag("process")
class PostgresBackupTest {

    private static final PostgresServer SERVER = PostgresServer.shared(PostgresServer.OLDER);
    private static final String MODEL = "/api/v1/models/default/iris";

    @TempDir
    Path directory;

    private final StringWriter told = new StringWriter();

    private int run(String... arguments) {
        told.getBuffer().setLength(0);
        CommandLine commands =
                Main.commands(arguments).setOut(new PrintWriter(told, true)).setErr(new PrintWriter(told, true));
        return commands.execute(arguments);
    }

    /** Every blob that nothing names is removed after a second. */
    private static String settings(String database) {
        return "catalog.url=" + SERVER.url(database) + "\ncatalog.password="
                + PostgresServer.PASSWORD.replace("\\", "\\\\")
                + "\nretention.undelete-window=0d\nretention.automatic=false\nstorage.gc-grace=1s\n";
    }

    private static void publish(ServerProcess server, String version) throws IOException {
        String draft =
                server.call("POST", MODEL + "/drafts", "{}").body().path("id").asString();
        server.call(
                "PUT",
                "/api/v1/drafts/" + draft + "/files/f",
                ("the content of " + version).getBytes(StandardCharsets.UTF_8));
        assertThat(server.call(
                                "POST",
                                "/api/v1/drafts/" + draft + "/publish",
                                "{\"version\":\"" + version + "\",\"card\":{}}")
                        .status())
                .isEqualTo(201);
    }

    private static void deleteAllButTheNewest(ServerProcess server) throws Exception {
        assertThat(server.call("PUT", MODEL + "/retention", "{\"keep_last\":1,\"delete_after\":\"0d\"}")
                        .status())
                .isEqualTo(200);
        assertThat(server.call("POST", MODEL + "/retention/run", "{\"confirm\":true}")
                        .status())
                .isEqualTo(200);
        TimeUnit.MILLISECONDS.sleep(1100);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (server.call("POST", "/api/v1/gc", "{}").status() == 409) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        while (server.get("/api/v1/gc").get("running").asBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(server.get("/api/v1/gc").get("blobs").asInt()).isEqualTo(1);
    }

    private void backUp(ServerProcess server) throws Exception {
        JsonNode begun = server.call(
                        "POST",
                        "/api/v1/backups",
                        "{\"directory\":\"" + directory.resolve("backups") + "\",\"catalog\":\"elsewhere\"}")
                .body();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        JsonNode last = begun;
        while (last.path("state").asString("").equals("running")) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
            last = server.get("/api/v1/backups").path("backup");
        }
        assertThat(last.path("state").asString("")).as(last.toString()).isEqualTo("done");
    }

    private static void tool(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        ProcessBuilder tool = new ProcessBuilder(all).redirectErrorStream(true);
        tool.environment().putAll(Map.of("PGPASSWORD", PostgresServer.PASSWORD));
        Process process = tool.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static String url(String database) {
        return "--dbname=" + SERVER.url(database);
    }

    @Test
    void a_copy_of_the_database_between_two_backups_is_restored_whole() throws Exception {
        String database = SERVER.create();
        Path dump = directory.resolve("catalog.dump");
        try (ServerProcess server = ServerProcess.start(directory, settings(database))) {
            publish(server, "1.0.0");
            backUp(server);
            publish(server, "1.1.0");
            tool("pg_dump", "--format=custom", "--file=" + dump, url(database));
            // What the copy of the database names is removed, and more comes, before the second backup.
            deleteAllButTheNewest(server);
            publish(server, "1.2.0");
            backUp(server);
        }
        String backups = directory.resolve("backups").toString();
        assertThat(run("backup", "verify", backups)).as(told.toString()).isZero();
        Path place = Files.createDirectory(directory.resolve("new"));
        assertThat(run("restore", backups, "--to", place.resolve("data").toString()))
                .as(told.toString())
                .isZero();
        String restored = SERVER.create();
        tool("pg_restore", "--no-owner", "--exit-on-error", url(restored), dump.toString());
        try (ServerProcess server = ServerProcess.start(place, settings(restored))) {
            assertThat(server.started()).isTrue();
            assertThat(server.get(MODEL + "/versions").get("versions"))
                    .extracting(one -> one.path("version").asString())
                    .containsExactlyInAnyOrder("1.0.0", "1.1.0");
            assertThat(server.call("POST", "/api/v1/verify", "{}").body().get("damaged"))
                    .isEmpty();
            assertThat(server.get("/api/v1/audit?action=version.delete").get("entries"))
                    .isEmpty();
        }
    }
}
