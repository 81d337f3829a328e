package io.modelward.runtime.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.runtime.sandbox.LimitWatch;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker process and its pipes. Calls come from one thread; {@link #kill} and {@link #close} from any. Correlation
 * ids are random, so that a model that finds the pipe cannot guess the id of an answer.
 *
 * <p>When the process ends, however it ends, all that it started is ended too: a helper that outlives it may hold the
 * pipe, and a thread that waits at the pipe would never learn that no answer comes.
 */
public final class WorkerProcess implements AutoCloseable, LimitWatch.Limited {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int IDS = 64;

    private final Process process;
    private final WorkerFamily family;
    private final LargeFrames large;
    private final Release release;
    private final OutputStream in;
    private final DataInputStream out;
    private final LogTail log;
    private LongBuffer ids = LongBuffer.allocate(0);
    private volatile String killedBecause = "";
    /** The system takes a moment to end a process; nobody may ask it anything meanwhile. */
    private volatile boolean killed;

    /** From then on the user may be another worker's. */
    @GuardedBy("this")
    private boolean closed;

    /** Gives back all that a worker had. */
    @FunctionalInterface
    public interface Release {
        /** @param ended whether none of its processes is left */
        void release(WorkerProcess worker, boolean ended);
    }

    public WorkerProcess(Process process, WorkerFamily family, LargeFrames large, Release release) {
        this.large = large;
        this.process = process;
        this.family = family;
        this.release = release;
        this.in = process.getOutputStream();
        this.out = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        this.log = new LogTail(process.getErrorStream());
        var _ = process.onExit().thenRunAsync(this::endFamily, WorkerProcess::onThread);
    }

    private static void onThread(Runnable action) {
        Thread.ofPlatform().daemon().name("worker-family").start(action);
    }

    private synchronized void endFamily() {
        if (!closed) {
            family.end();
        }
    }

    /** Sends a frame and waits for its answer. */
    public WorkerFrame exchange(WorkerFrame.Type type, String head, List<RawColumn> columns) throws IOException {
        long id = nextId();
        WorkerFrame.write(in, type, id, head, columns);
        WorkerFrame answer = WorkerFrame.read(out, large);
        if (answer.id() != id) {
            throw new WorkerFrame.BadFrame("the answer's correlation id is not the request's");
        }
        return answer;
    }

    /** Ids are made many at a time, since the source of randomness is slow to ask. */
    private long nextId() {
        if (!ids.hasRemaining()) {
            byte[] bytes = new byte[IDS * Long.BYTES];
            RANDOM.nextBytes(bytes);
            ids = ByteBuffer.wrap(bytes).asLongBuffer();
        }
        return ids.get();
    }

    /** The contents of the last frame are handed over. */
    public void handedOver() {
        large.leave();
    }

    public boolean isAlive() {
        return !killed && process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** How the process ended and the last lines it wrote, in words. */
    public String lastWords() {
        return killedBecause.isEmpty() ? ending() + log.tail() : killedBecause;
    }

    /** How the process ended, in words. */
    public String ending() {
        String end = killedBecause;
        if (!end.isEmpty()) {
            return end;
        }
        try {
            if (process.waitFor(2, TimeUnit.SECONDS)) {
                int code = process.exitValue();
                end = code > 128 ? "killed by signal " + (code - 128) : "exit code " + code;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return end;
    }

    /** Why this server ended it; empty when it did not, or needs no words. */
    public String killedBecause() {
        return killedBecause;
    }

    /**
     * Tells the process to end, and waits for it.
     *
     * @return its exit code; empty when it did not end by itself in time
     */
    public OptionalInt stop(Duration patience) throws IOException, InterruptedException {
        WorkerFrame.write(in, WorkerFrame.Type.STOP, RANDOM.nextLong(), "{}", List.of());
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    public void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /** @param why the reason of its end, in words */
    @Override
    public void kill(String why) {
        killedBecause = why;
        kill();
    }

    /** Ends it and all that it started, and gives back what it had; once more changes nothing. */
    @Override
    public void close() {
        handedOver();
        synchronized (this) {
            if (closed) {
                return;
            }
            kill();
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            boolean ended = family.end();
            closed = true;
            closePipes();
            release.release(this, ended);
        }
    }

    private void closePipes() {
        try (OutputStream toProcess = in;
                DataInputStream fromProcess = out) {
            LOG.trace("closing {} and {}", toProcess, fromProcess);
        } catch (IOException gone) {
            // The process has ended; there is nothing left to tell it.
        }
    }

    /** Keeps the end of what the worker writes to its standard error. */
    private static final class LogTail {
        private static final int KEPT = 2000;

        @GuardedBy("text")
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
