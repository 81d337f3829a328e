package io.modelward.registry.artifact;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file that arrives in parts, in any order and several at a time. The part whose turn it is goes to the end of the
 * file at once, so that only parts that came too early are kept beside the file, and little is left to do when the last
 * part is there.
 */
final class PartsUpload {

    /** How many parts may wait for those before them. */
    static final int MOST_WAITING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PartsUpload.class);
    private static final int BUFFER = 1 << 20;
    /** How much is appended before others have their turn. */
    private static final long TURN = 4 << 20;
    /** How long a completion waits for parts that are being appended. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    final ArtifactPath path;
    final int parts;
    private final BlobIntake intake;

    @GuardedBy("this")
    private final Map<Integer, BlobWriter> waiting = new TreeMap<>();

    @GuardedBy("this")
    private final Map<Integer, Digest> taken = new HashMap<>();

    @GuardedBy("this")
    private int next = 1;

    /** Written under this. */
    private volatile boolean appending;

    /** Whether somebody makes the file an artifact. Written under this. */
    private volatile boolean completing;

    /** Why the upload ended, when its file could not be written. */
    @GuardedBy("this")
    private @Nullable Exception broken;

    /** What the file became. */
    @GuardedBy("this")
    private Optional<Artifact> done = Optional.empty();

    /** Written under this. */
    private volatile boolean ended;

    /** What is being appended; used by whoever appends. */
    private @Nullable Copying current;

    /** The file when it is durable and not named yet; used by whoever completes. */
    private Optional<BlobWriter.Stored> stored = Optional.empty();

    /** Written by whoever appends, and when nobody does by whoever ends the upload. */
    private final BlobWriter file;

    PartsUpload(ArtifactPath path, int parts, BlobIntake intake) throws IOException {
        this.path = path;
        this.parts = parts;
        this.intake = intake;
        this.file = intake.writer();
    }

    /**
     * @throws ProblemException of kind INVALID for a number that is none of the upload's; OVERLOADED when too many
     *     parts wait
     */
    synchronized void requireRoom(int number) {
        if (number < 1 || number > parts) {
            throw ProblemException.invalid("part_number", "This upload has the parts 1 to " + parts + ".");
        }
        if (waiting.size() >= MOST_WAITING && number != next && !waiting.containsKey(number)) {
            throw Problem.of(
                            ProblemType.OVERLOADED,
                            MOST_WAITING + " parts wait for part " + next + ". Send that part first.")
                    .with("retry_after", 1)
                    .exception();
        }
    }

    /**
     * Takes a part over. The same part again changes nothing once it is in the file, and replaces what waits before
     * that.
     *
     * @param part whole; closed by the upload
     * @param appenders go on with the file when much is to be appended at once
     * @throws ProblemException CONFLICT when other bytes were taken under this number already; OVERLOADED when too many
     *     parts wait by now; NOT_FOUND when the upload has ended
     */
    void arrived(int number, BlobWriter part, Executor appenders) throws IOException {
        Digest digest = part.digest();
        Optional<BlobWriter> unwanted = Optional.of(part);
        try {
            // Hundreds of parts may wait, and none of them needs an open file.
            part.putAside();
            synchronized (this) {
                requireGoing();
                if (number < next) {
                    if (!digest.equals(taken.get(number))) {
                        throw ProblemException.conflict(
                                "Part " + number + " was taken with other bytes already. Begin another upload.");
                    }
                } else {
                    // Others may have arrived since this one began.
                    requireRoom(number);
                    unwanted = Optional.ofNullable(waiting.put(number, part));
                    taken.put(number, digest);
                }
            }
        } finally {
            unwanted.ifPresent(PartsUpload::close);
        }
        synchronized (this) {
            if (appending || ended || !waiting.containsKey(next)) {
                return;
            }
            appending = true;
        }
        append(appenders);
    }

    /** Moves what waits and has its turn into the file; after some of it others have their turn on the threads. */
    private void append(Executor appenders) throws IOException {
        try {
            if (copy()) {
                appenders.execute(() -> {
                    try {
                        append(appenders);
                    } catch (IOException | RuntimeException failure) {
                        LOG.warn(
                                "an upload in parts has ended, since its file could not be written: {}",
                                failure.toString());
                    }
                });
            }
        } catch (IOException | RuntimeException failure) {
            fail(failure);
            throw failure;
        }
    }

    /** Copies for one turn; answers whether there is more to copy. When there is not, nobody appends any more. */
    private boolean copy() throws IOException {
        for (long copied = 0; copied < TURN; ) {
            if (current == null) {
                BlobWriter part = takeNext();
                if (part == null) {
                    return false;
                }
                current = new Copying(part);
            } else if (ended()) {
                current.close();
                current = null;
            } else {
                int more = current.copy(file);
                copied += Math.max(0, more);
                if (more < 0) {
                    current.close();
                    current = null;
                }
            }
        }
        return true;
    }

    /** The part whose turn it is; null when there is none, and then nobody appends any more. */
    private synchronized @Nullable BlobWriter takeNext() {
        BlobWriter part = ended ? null : waiting.remove(next);
        if (part == null) {
            appending = false;
            if (ended) {
                close(file);
            }
            notifyAll();
        } else {
            next++;
        }
        return part;
    }

    /** The file has a part of a part now. */
    private synchronized void fail(Exception why) {
        broken = why;
        if (current != null) {
            current.close();
            current = null;
        }
        appending = false;
        if (ended) {
            close(file);
        } else {
            end();
        }
        notifyAll();
    }

    /** A part on its way into the file. */
    private static final class Copying {

        private final BlobWriter part;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private @Nullable ReadableByteChannel bytes;

        private Copying(BlobWriter part) {
            this.part = part;
        }

        /** How many bytes were copied; -1 at the end. */
        private int copy(BlobWriter file) throws IOException {
            if (bytes == null) {
                bytes = part.written();
            }
            int read = bytes.read(buffer.clear());
            if (read > 0) {
                file.write(buffer.flip());
            }
            return read;
        }

        private void close() {
            try {
                if (bytes != null) {
                    bytes.close();
                }
            } catch (IOException failure) {
                LOG.warn("a part of an upload could not be closed: {}", failure.toString());
            } finally {
                PartsUpload.close(part);
            }
        }
    }

    /**
     * Keeps the file. Who asks meanwhile, or again, has the same answer. When the file could not be named for a reason
     * of the server, the file stays, and this may be asked again.
     *
     * @param named the digest of each part as the caller has it
     * @throws ProblemException of kind INVALID when a part is missing or another than the caller names; the upload goes
     *     on then. UNAVAILABLE when the parts are still being put together
     */
    Artifact complete(Map<Integer, Optional<Digest>> named, ArtifactService artifacts) throws IOException {
        synchronized (this) {
            awaitQuiet();
            if (done.isPresent()) {
                return done.get();
            }
            requireGoing();
            if (next <= parts) {
                throw ProblemException.invalid("parts", "Part " + next + " of " + parts + " is missing. Send it.");
            }
            named.forEach(this::requireSame);
            completing = true;
        }
        Optional<Artifact> put = Optional.empty();
        boolean again = false;
        try {
            if (stored.isEmpty()) {
                stored = Optional.of(intake.keep(file));
            }
            put = Optional.of(artifacts.put(path, stored.get()));
            return put.get();
        } catch (RuntimeException failure) {
            again = !(failure instanceof ProblemException problem)
                    || problem.problem().type() == ProblemType.OVERLOADED
                    || problem.problem().type().status() >= 500;
            throw failure;
        } finally {
            completed(put, again);
        }
    }

    /** @param again whether it may be completed again */
    private synchronized void completed(Optional<Artifact> put, boolean again) {
        completing = false;
        done = put;
        if (ended) {
            close(file);
        } else if (!again) {
            end();
        }
        notifyAll();
    }

    /** Waits while somebody appends or completes. */
    @GuardedBy("this")
    private void awaitQuiet() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (appending || completing) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw Problem.of(
                                    ProblemType.UNAVAILABLE,
                                    "The parts are still being put together. Complete the upload again in a moment.")
                            .with("retry_after", 5)
                            .exception();
                }
                wait(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemType.UNAVAILABLE, "The server stops.").exception();
        }
    }

    @GuardedBy("this")
    private void requireGoing() throws IOException {
        if (ended && broken != null) {
            throw new IOException("the file of the upload could not be written", broken);
        }
        if (ended) {
            throw PartsUploads.unknown();
        }
    }

    @GuardedBy("this")
    private void requireSame(int number, Optional<Digest> digest) {
        if (number < 1 || number > parts || (digest.isPresent() && !digest.get().equals(taken.get(number)))) {
            throw ProblemException.invalid(
                    "parts", "Part " + number + " is none of this upload, or other bytes were taken under its number.");
        }
    }

    boolean ended() {
        return ended;
    }

    /** Whether somebody appends or completes now. */
    boolean isAtWork() {
        return appending || completing;
    }

    /** Forgets all that arrived. */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        waiting.values().forEach(PartsUpload::close);
        waiting.clear();
        if (!appending && !completing) {
            close(file);
        }
        notifyAll();
    }

    static void close(BlobWriter writer) {
        try {
            writer.close();
        } catch (IOException failure) {
            LOG.warn("a part of an upload could not be removed now; the next start removes it");
        }
    }
}
