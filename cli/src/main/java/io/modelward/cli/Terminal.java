package io.modelward.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Help.Ansi;

/** Whether a person watches. Each stream is looked at by itself, for one may be a terminal and the other a file. */
final class Terminal {

    private static final int UNKNOWN = 80;

    private Terminal() {}

    /** Colour on a terminal only, and not against the wish of its user (no-color.org). */
    static Ansi colour() {
        return colour(is(1), System.getenv());
    }

    static Ansi colour(boolean terminal, Map<String, String> environment) {
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        return terminal && wanted ? Ansi.ON : Ansi.OFF;
    }

    /** How wide lines may be: as COLUMNS says, else as wide as the terminal; in a file or a pipe there is no limit. */
    static Screen screen() {
        return new Screen(() -> {
            OptionalInt asked = Screen.asked(System.getenv("COLUMNS"));
            return asked.isPresent() || !is(1) ? asked : measured();
        });
    }

    /** The width of the terminal that the process belongs to, asked from the program that every system has for it. */
    private static OptionalInt measured() {
        try {
            Process asked = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(asked.getInputStream().readNBytes(100), StandardCharsets.US_ASCII);
            String[] parts = answer.strip().split(" ", 2);
            return parts.length == 2 ? Screen.asked(parts[1]) : OptionalInt.empty();
        } catch (IOException nothingToAsk) {
            return OptionalInt.empty();
        }
    }

    /** The width of the terminal on which progress is drawn; empty when the standard error is none. */
    static OptionalInt progress() {
        if (!is(2)) {
            return OptionalInt.empty();
        }
        OptionalInt columns = Screen.asked(System.getenv("COLUMNS"));
        return OptionalInt.of((columns.isPresent() ? columns : measured()).orElse(UNKNOWN));
    }

    /** Whether the standard output can be drawn on again. */
    static boolean redraws() {
        return is(1) && !Optional.ofNullable(System.getenv("TERM")).orElse("").equals("dumb");
    }

    // Other implementations of the console, which the JVM can be started with, may be null.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean is(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException elsewhere) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
