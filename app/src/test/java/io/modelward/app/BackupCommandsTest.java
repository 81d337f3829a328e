package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.settings.Configuration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of backups, from a server that is served to one that was restored. */
class BackupCommandsTest {

    @TempDir
    Path directory;

    private final StringWriter told = new StringWriter();

    private int run(String... arguments) {
        told.getBuffer().setLength(0);
        CommandLine commands =
                Main.commands(arguments).setOut(new PrintWriter(told, true)).setErr(new PrintWriter(told, true));
        return commands.execute(arguments);
    }

    private Application serve(String data) throws Exception {
        return new Application(
                new Configuration(Map.of(
                        "server.listen",
                        "127.0.0.1:0",
                        "data.directory",
                        directory.resolve(data).toString())),
                Map.of());
    }

    @Test
    void a_server_is_backed_up_and_restored_by_commands() throws Exception {
        String backups = directory.resolve("backups").toString();
        try (Application server = serve("data")) {
            assertThat(run("backup", backups, "--url", server.address()))
                    .as(told.toString())
                    .isZero();
            assertThat(told.toString()).contains("Made the backup", "acknowledged before");
            assertThat(run("backup", backups, "--url", server.address())).isZero();
            assertThat(run("backup", "relative", "--url", server.address())).isEqualTo(2);
            assertThat(run("backup", directory.resolve("data/x").toString(), "--url", server.address()))
                    .isEqualTo(5);
            assertThat(run("backup", backups, "--catalog-elsewhere", "--url", server.address()))
                    .isEqualTo(5);
        }
        assertThat(run("backup", "list", backups)).isZero();
        String id = told.toString().lines().skip(1).findFirst().orElseThrow().split(" ", -1)[0];
        assertThat(run("backup", "verify", backups)).as(told.toString()).isZero();
        assertThat(run("backup", "verify", backups, id, "--json")).isZero();
        assertThat(told.toString()).contains("\"intact\":true");
        assertThat(run("backup", "verify", backups, "20200101T000000Z")).isEqualTo(3);
        assertThat(run("backup", "list", directory.toString())).isEqualTo(5);
        assertThat(run("restore", backups, "--to", directory.resolve("data").toString()))
                .isEqualTo(5);
        String restored = directory.resolve("restored").toString();
        assertThat(run("restore", backups, id, "--to", restored))
                .as(told.toString())
                .isZero();
        try (Application server = serve("restored")) {
            assertThat(run("verify", "--url", server.address()))
                    .as(told.toString())
                    .isZero();
        }
        Files.writeString(directory.resolve("backups/snapshots/" + id + "/catalog.sqlite"), "no catalog");
        assertThat(run("backup", "verify", backups, id)).isEqualTo(5);
        assertThat(told.toString()).contains("Damaged: snapshots/" + id + "/catalog.sqlite");
        assertThat(run(
                        "restore",
                        backups,
                        id,
                        "--to",
                        directory.resolve("other").toString()))
                .isEqualTo(5);
        assertThat(directory.resolve("other")).doesNotExist();
    }
}
