package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;

/**
 * What each command prints in a pipe, and on terminals of three widths, for a registry whose answers a server gave once
 * ({@code registry.json}). The files below {@code blackbox/golden/cli} are written anew with
 * {@code -Dgolden.write=true}; then read every change.
 */
class GoldenTest {

    private static final Path GOLDEN = Path.of("..", "blackbox", "golden", "cli");
    private static final String WRITE = "golden.write";
    private static final String RUNNING = "r-a8c611a6fceeced1";
    private static final String ABORTED = "r-c18281b43e9eebdb";
    private static final String PROMOTED = "r-d921a3cd0021712a";
    private static final String ROLLED_BACK = "r-eb883541d9dbbb7f";
    private static final String PREDICTION = "01a22384-5e78-7b41-8000-00040109ae3b";

    private final JsonNode registry = registry();
    private final FakeServer server = new FakeServer().answering(this::answer);

    @AfterEach
    void close() {
        server.close();
    }

    static Map<String, String> commands() {
        Map<String, String> commands = new TreeMap<>();
        for (String line : List.of(
                "list",
                "list iris",
                "list iris --limit 3",
                "list irsi",
                "list --search wett",
                "show iris@1.24.0",
                "show irsi",
                "show iris 1.24.0",
                "diff iris@1.22.0 iris@1.25.0",
                "alias list iris",
                "alias get iris champion",
                "endpoint list",
                "endpoint show iris",
                "endpoint history iris",
                "flip iris 1.23.0 --reason better",
                "flip iris-eu 1.23.0 --reason better",
                "rollback iris-eu --reason worse",
                "rollback weather --reason worse",
                "rollout list iris",
                "rollout start iris 1.24.0",
                "rollout start iris 1.25.0",
                "rollout start iris 1.26.0",
                "rollout start iris-eu 1.22.0",
                "rollout quarantine iris",
                "rollout plan",
                "runs list",
                "audit",
                "audit endpoint:iris",
                "audit iris@1.24.0",
                "audit --action rollout",
                "predictions",
                "predictions --version iris@1.25.0 --status failed --limit 2",
                "predict iris [[1,2,3],[4,5,6]]",
                "predict iris [[1,2]]",
                "predict irsi [[1,2,3]]",
                "verify",
                "status",
                "login",
                "whoami",
                "token create ci --role publisher --model iris* --experiment iris* --owner service:ci",
                "token list --all",
                "token revoke ci",
                "token revoke cd",
                "grant add service:ci publisher --model iris*",
                "grant add service:ci owner --server",
                "grant list",
                "grant explain service:ci publish iris-x",
                "grant explain service:ci predict endpoint:iris",
                "user list",
                "list --token mwt_shown",
                "lsit",
                "list --limt 3",
                "rollout")) {
            commands.put(line.replaceAll("[^a-z0-9.@-]+", "_").replaceAll("_$", ""), line);
        }
        commands.put("rollout_status_running", "rollout status " + RUNNING);
        commands.put("rollout_status_aborted", "rollout status " + ABORTED);
        commands.put("rollout_status_promoted", "rollout status " + PROMOTED);
        commands.put("rollout_status_rolled_back", "rollout status " + ROLLED_BACK);
        commands.put("rollout_hold", "rollout hold " + RUNNING + " --reason lunch");
        commands.put("trace", "trace " + PREDICTION);
        commands.put("trace_verify", "trace " + PREDICTION + " --verify");
        return commands;
    }

    static Stream<String> names() {
        return commands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_command_prints_what_its_golden_file_says(String name) throws IOException {
        String line = Objects.requireNonNull(commands().get(name));
        StringBuilder text = new StringBuilder("$ modelward " + line + "\n");
        section(text, "in a pipe", line, Screen.UNLIMITED, Ansi.OFF);
        for (int columns : new int[] {200, 80, 60}) {
            section(text, columns + " columns", line, Screen.of(columns), Ansi.OFF);
        }
        section(text, "80 columns, in colour", line, Screen.of(80), Ansi.ON);
        compare(GOLDEN.resolve(name + ".txt"), text.toString());
    }

    @Test
    void no_line_of_a_list_is_wider_than_the_terminal() {
        for (int columns : new int[] {40, 60, 80, 100, 200}) {
            for (String line : commands().values()) {
                if (line.matches("(list|audit|predictions|.* (list|history|quarantine)).*")) {
                    assertThat(run(line, Screen.of(columns), Ansi.OFF).out().lines())
                            .as(line + " at " + columns)
                            .allMatch(row -> Cells.width(row) <= columns);
                }
            }
        }
    }

    @Test
    void the_help_of_every_command_reads_as_its_golden_file() throws IOException {
        StringBuilder text = new StringBuilder();
        for (CommandSpec command :
                OptionsTest.all(ModelwardCli.create(Screen.of(80)).getCommandSpec())) {
            text.append("$ ").append(command.qualifiedName()).append(" --help\n");
            text.append(plain(command.commandLine().getUsageMessage(Ansi.OFF))).append('\n');
        }
        compare(GOLDEN.resolve("help.txt"), text.toString());
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.lines().forEach(line -> plain.append(line.stripTrailing()).append('\n'));
        return plain.toString();
    }

    private void section(StringBuilder text, String title, String line, Screen screen, Ansi ansi) {
        Ran ran = run(line, screen, ansi);
        text.append("\n## ").append(title).append('\n').append(ran.out());
        if (!ran.err().isEmpty()) {
            text.append("-- on the side\n").append(ran.err());
        }
        text.append("-- exit code ").append(ran.code()).append('\n');
    }

    private Ran run(String line, Screen screen, Ansi ansi) {
        List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
        if (!line.equals("rollout") && !line.startsWith("lsit") && !line.startsWith("rollout plan")) {
            arguments.add("--url=" + server.url());
        }
        return Ran.modelward(screen, ansi, arguments.toArray(String[]::new));
    }

    private static void compare(Path file, String text) throws IOException {
        String shown = text.replace("\u001b", "␛");
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, shown);
        }
        assertThat(shown)
                .as(file + "; after a change that is meant: -D" + WRITE + "=true")
                .isEqualTo(Files.readString(file));
    }

    private FakeServer.Told answer(FakeServer.Asked asked) {
        String body = new String(asked.body(), StandardCharsets.UTF_8);
        String key = asked.method() + " " + asked.target() + (body.isEmpty() ? "" : " " + body);
        JsonNode document = registry.path(key);
        if (document.isMissingNode()) {
            return FakeServer.json(
                    500, "{\"detail\":\"the registry of this test has no answer to: " + key.replace("\"", "'") + "\"}");
        }
        return document.has("problem")
                ? FakeServer.json(document.path("status").asInt(500), Json.write(document.path("problem")))
                : FakeServer.json(200, Json.write(document));
    }

    private static JsonNode registry() {
        try (InputStream in = Objects.requireNonNull(GoldenTest.class.getResourceAsStream("registry.json"))) {
            return Json.parse(in.readAllBytes(), "registry");
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
