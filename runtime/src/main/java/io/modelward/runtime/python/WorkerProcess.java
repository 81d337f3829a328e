package io.modelward.runtime.python;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A worker process and its pipes. Calls come from one thread; {@link #kill} from any. Correlation ids are random, so that a model
 * that finds the pipe cannot guess the id of an answer.
 */
final class WorkerProcess implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Process process;
    private final int user;
    private final Path directory;
    private final OutputStream in;
    private final DataInputStream out;
    private final LogTail log;

    WorkerProcess(Process process, int user, Path directory) {
        this.process = process;
        this.user = user;
        this.directory = directory;
        this.in = process.getOutputStream();
        this.out = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        this.log = new LogTail(process.getErrorStream());
    }

    /** Sends a frame and waits for its answer. */
    Frame exchange(Frame.Type type, String head, List<RawColumn> columns) throws IOException {
        long id = RANDOM.nextLong();
        Frame.write(in, type, id, head, columns);
        Frame answer = Frame.read(out);
        if (answer.id() != id) {
            throw new Frame.BadFrame("the answer's correlation id is not the request's");
        }
        return answer;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** How the process ended and the last lines it wrote, in words. */
    String lastWords() {
        String end = "";
        try {
            if (process.waitFor(2, TimeUnit.SECONDS)) {
                int code = process.exitValue();
                end = code > 128 ? "killed by signal " + (code - 128) : "exit code " + code;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return end + log.tail();
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        killUser();
        try {
            WorkerDirectories.remove(directory);
        } catch (IOException left) {
            org.slf4j.LoggerFactory.getLogger(WorkerProcess.class)
                    .warn("a worker's directory could not be removed: {}", left.toString());
        }
    }

    /** Whatever the model started and detached still runs as the worker's user, and nothing else does. */
    private void killUser() {
        if (user < 0) {
            return;
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(this::runsAsUser)
                    .forEach(path -> ProcessHandle.of(
                                    Long.parseLong(path.getFileName().toString()))
                            .ifPresent(ProcessHandle::destroyForcibly));
        } catch (IOException noProc) {
            // Without /proc there is nothing to look through.
        }
    }

    private boolean runsAsUser(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid").equals(user);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Keeps the end of what the worker writes to its standard error. */
    private static final class LogTail {
        private static final int KEPT = 2000;
        private final StringBuilder text = new StringBuilder();
        private final Thread thread;

        private LogTail(InputStream errors) {
            this.thread = Thread.ofPlatform().daemon().name("worker-log").start(() -> drain(errors));
        }

        private void drain(InputStream errors) {
            byte[] chunk = new byte[4096];
            try (errors) {
                for (int n = errors.read(chunk); n >= 0; n = errors.read(chunk)) {
                    synchronized (text) {
                        text.append(new String(chunk, 0, n, StandardCharsets.UTF_8));
                        if (text.length() > KEPT) {
                            text.delete(0, text.length() - KEPT);
                        }
                    }
                }
            } catch (IOException ended) {
                // The process is gone; what was read is kept.
            }
        }

        private String tail() {
            try {
                thread.join(500);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            synchronized (text) {
                String last = text.toString().strip();
                return last.isEmpty() ? "" : "; it wrote last: " + last.substring(Math.max(0, last.length() - 300));
            }
        }
    }
}
