package io.modelward.runtime.python;

import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the commands that build an environment: as a user of their own where the platform allows it, always with a clean
 * environment that has pip's own settings and the way to the network, and until a time limit.
 *
 * @param user the numeric user; -1 for the server's own
 * @param log the file for the output of the commands
 * @param deadline in nanoseconds of {@link System#nanoTime}
 */
record BuildStep(Sandbox sandbox, int user, Path home, Path log, long deadline) {

    private static final int TAIL = 64 << 10;
    private static final List<String> PASSED = List.of(
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE");

    /** A command did not do its work; the message is for people. */
    static final class Failed extends Exception {
        private final boolean late;
        private final String output;

        Failed(String message, boolean late, String output) {
            super(message);
            this.late = late;
            this.output = output;
        }

        /** Whether the time was up. */
        boolean late() {
            return late;
        }

        /** The end of its output. */
        String output() {
            return output;
        }
    }

    /** Runs one command to its end. */
    void run(List<String> command, Map<String, String> more) throws IOException, InterruptedException, Failed {
        Process process = sandbox.start(
                new Sandbox.Command(
                        command, user, Sandbox.Reach.NETWORK, home, List.of(), environment(more), sandbox.limits()),
                Sandbox.Output.to(log));
        try {
            process.getOutputStream().close();
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new Failed("it took too long", true, tail());
            }
        } finally {
            try (Stream<ProcessHandle> children = process.descendants()) {
                children.forEach(ProcessHandle::destroyForcibly);
            }
            process.destroyForcibly();
            if (user >= 0) {
                // Also what has detached itself: the user builds one environment at a time.
                new WorkerFamily(user, "").end();
            }
        }
        if (process.exitValue() != 0) {
            throw new Failed("exit code " + process.exitValue(), false, tail());
        }
    }

    private static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("PIP_") || PASSED.contains(name)) {
                environment.put(name, value);
            }
        });
        environment.putAll(more);
        return environment;
    }

    private String tail() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static long deadline(Duration limit) {
        return System.nanoTime() + limit.toNanos();
    }
}
