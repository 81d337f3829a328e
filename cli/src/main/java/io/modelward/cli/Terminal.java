package io.modelward.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Whether a person watches. Each stream is looked at by itself, for one may be a terminal and the other a file. */
final class Terminal {

    private Terminal() {}

    /** Colour on a terminal only, and not against the wish of its user (no-color.org). */
    static Ansi colour() {
        String no = Optional.ofNullable(System.getenv("NO_COLOR")).orElse("");
        String kind = Optional.ofNullable(System.getenv("TERM")).orElse("");
        return is(1) && no.isEmpty() && !kind.equals("dumb") ? Ansi.ON : Ansi.OFF;
    }

    static boolean showsProgress() {
        return is(2);
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
