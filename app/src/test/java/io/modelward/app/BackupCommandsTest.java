package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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

    @Test
    void a_server_is_backed_up_encrypted_and_restored_with_the_key_alone() throws Exception {
        String key = directory.resolve("key").toString();
        assertThat(run("backup", "--new-key", key)).as(told.toString()).isZero();
        assertThat(told.toString()).contains("nobody can make the key again");
        assertThat(Files.getPosixFilePermissions(Path.of(key))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String text = Files.readString(Path.of(key));
        assertThat(text.strip()).hasSize(44);
        assertThat(told.toString()).doesNotContain(text.strip());
        assertThat(run("backup", "--new-key", key)).isEqualTo(2);
        assertThat(Files.readString(Path.of(key))).isEqualTo(text);
        assertThat(run("backup", "--new-key", key + "2", "--check")).isEqualTo(2);
        assertThat(run("backup", "--new-key", key + "2")).isZero();

        String backups = directory.resolve("backups").toString();
        try (Application server = serve("data")) {
            assertThat(run("backup", backups, "--encrypt-with", key, "--url", server.address()))
                    .as(told.toString())
                    .isZero();
            assertThat(told.toString()).contains("It is encrypted.");
            assertThat(run("backup", backups, "--url", server.address())).isEqualTo(5);
            assertThat(told.toString()).contains("are encrypted");
            assertThat(run("backup", backups, "--encrypt-with", key + "2", "--url", server.address()))
                    .isEqualTo(5);
            assertThat(run("backup", backups, "--encrypt-with", "key", "--url", server.address()))
                    .isEqualTo(2);
            assertThat(run("backup", backups, "--encrypt-with", key, "--check", "--json", "--url", server.address()))
                    .isZero();
            assertThat(told.toString()).contains("\"encrypted\"");
        }
        assertThat(run("backup", "list", backups)).isZero();
        assertThat(told.toString()).contains("They are encrypted.").doesNotContain("until");
        assertThat(run("backup", "list", backups, "--key", key)).isZero();
        assertThat(told.toString()).contains("until");
        assertThat(run("backup", "verify", backups)).isEqualTo(5);
        assertThat(told.toString()).contains("--key");
        assertThat(run("backup", "verify", backups, "--key", key + "2")).isEqualTo(5);
        assertThat(told.toString()).contains("The key is not the one");
        assertThat(run("backup", "verify", backups, "--key", key))
                .as(told.toString())
                .isZero();
        assertThat(told.toString()).contains("is intact");
        String restored = directory.resolve("restored").toString();
        assertThat(run("restore", backups, "--to", restored)).isEqualTo(5);
        assertThat(run("restore", backups, "--to", restored, "--key", key))
                .as(told.toString())
                .isZero();
        // As a server leaves it that is killed while it makes an encrypted backup.
        Files.createDirectories(directory.resolve("restored/backing-up"));
        Files.writeString(directory.resolve("restored/backing-up/catalog.sqlite"), "names in clear");
        try (Application server = serve("restored")) {
            assertThat(directory.resolve("restored/backing-up")).doesNotExist();
            assertThat(run("verify", "--url", server.address()))
                    .as(told.toString())
                    .isZero();
        }
    }

    @Test
    void the_setting_of_a_key_encrypts_every_backup_and_a_bad_one_stops_the_start() throws Exception {
        Path key = directory.resolve("key");
        assertThat(run("backup", "--new-key", key.toString())).isZero();
        Path backups = directory.resolve("backups");
        Map<String, String> settings = Map.of(
                "server.listen",
                "127.0.0.1:0",
                "data.directory",
                directory.resolve("data").toString(),
                "backup.directory",
                backups.toString(),
                "backup.key-file",
                key.toString());
        try (Application server = new Application(new Configuration(settings), Map.of())) {
            assertThat(run("backup", "--url", server.address()))
                    .as(told.toString())
                    .isZero();
            assertThat(told.toString()).contains("It is encrypted.");
        }
        assertThat(run("backup", "verify", backups.toString(), "--key", key.toString()))
                .isZero();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> new Application(new Configuration(settings), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("backup.key-file")
                .hasMessageContaining("chmod 600");
        for (String bad : new String[] {"key", "/\u0000"}) {
            Map<String, String> wrong = new TreeMap<>(settings);
            wrong.put("backup.key-file", bad);
            assertThatThrownBy(() -> new Application(new Configuration(wrong), Map.of()))
                    .as(bad)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("backup.key-file");
        }
    }

    @Test
    void a_folder_that_cannot_be_used_is_told_with_its_cause_in_one_line_of_the_log() throws Exception {
        Files.writeString(directory.resolve("file"), "");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        List<LogRecord> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("io.modelward.registry.backup");
        try (Application server = serve("data")) {
            log.addHandler(handler);
            log.setLevel(Level.INFO);
            assertThat(run("backup", directory.resolve("file/x").toString(), "--url", server.address()))
                    .isEqualTo(5);
            assertThat(told.toString()).contains("is a file").doesNotContain("log");
            assertThat(run("backup", directory.resolve("link").toString(), "--url", server.address()))
                    .isEqualTo(5);
            assertThat(told.toString()).contains("a link that leads nowhere");
        } finally {
            log.removeHandler(handler);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().getThrown()).isNull();
        assertThat(lines.getFirst().getMessage()).contains("file/x", "A part of the path of the folder is a file");
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void commands_over_a_folder_say_nothing_of_the_work_of_libraries() throws Exception {
        String backups = directory.resolve("backups").toString();
        try (Application server = serve("data")) {
            assertThat(run("backup", backups, "--url", server.address())).isZero();
        }
        Logger library = Logger.getLogger("org.flywaydb");
        library.setLevel(Level.INFO);
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            assertThat(run("backup", "verify", backups)).isZero();
            assertThat(run(
                            "restore",
                            backups,
                            "--to",
                            directory.resolve("restored").toString()))
                    .isZero();
        } finally {
            System.setErr(before);
        }
        assertThat(library.isLoggable(Level.INFO)).isFalse();
        assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
