package io.modelward.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Starts a server, runs commands against it and stops, so that the JVM can write down which classes a start and a
 * command load ({@code -XX:AOTCacheOutput}). Later starts and commands take half the time.
 */
final class Rehearsal {

    /** Each ends at once; most of them find nothing. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("list"),
            List.of("list", "--json"),
            List.of("list", "iris"),
            List.of("show", "iris@latest"),
            List.of("endpoint", "list"),
            List.of("endpoint", "show", "iris"),
            List.of("predict", "iris", "[[1.0, 2.0]]"),
            List.of("rollout", "list", "iris"),
            List.of("audit"),
            List.of("status"),
            List.of("verify"),
            List.of("publish", "iris", "nowhere", "--card", "nowhere"),
            List.of("list", "--no-such-option"),
            List.of("--version"),
            List.of("--help"));

    private Rehearsal() {}

    /**
     * Rehearses a start of the server or, in a second JVM, the commands.
     *
     * @param arguments of the first JVM an empty folder for the server's data and the command of the second JVM, of the
     *     second JVM nothing
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(arguments.length == 0 ? commands() : serve(Path.of(arguments[0]), arguments));
    }

    private static int serve(Path folder, String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "server.listen",
                "127.0.0.1:0",
                "data.directory",
                folder.resolve("data").toString(),
                // No model is loaded, so no environment is built.
                "runtime.environment",
                "/bin/true");
        try (Application application = new Application(ConfigurationFile.read(Optional.empty(), settings), Map.of())) {
            ProcessBuilder second = new ProcessBuilder(List.of(arguments).subList(1, arguments.length)).inheritIO();
            second.environment().put("MODELWARD_URL", application.address());
            return second.start().waitFor();
        }
    }

    private static int commands() {
        for (List<String> command : COMMANDS) {
            run(command.toArray(String[]::new));
        }
        return 0;
    }

    private static void run(String... words) {
        CommandLine line = Main.commands(words);
        line.setOut(new PrintWriter(Writer.nullWriter())).setErr(new PrintWriter(Writer.nullWriter()));
        line.execute(words);
    }
}
