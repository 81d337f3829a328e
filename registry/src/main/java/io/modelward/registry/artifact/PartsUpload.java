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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    final ArtifactPath path;
    final int parts;
    private final BlobIntake intake;

    @GuardedBy("this")
    private final Map<Integer, BlobWriter> waiting = new TreeMap<>();

    @GuardedBy("this")
    private final Map<Integer, Digest> taken = new HashMap<>();

    @GuardedBy("this")
    private int next = 1;

    @GuardedBy("this")
    private boolean appending;

    @GuardedBy("this")
    private boolean ended;

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
        if (waiting.size() >= MOST_WAITING && number != next) {
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
     * @throws ProblemException CONFLICT when other bytes were taken under this number already; NOT_FOUND when the
     *     upload has ended
     */
    void arrived(int number, BlobWriter part) throws IOException {
        Digest digest = part.digest();
        Optional<BlobWriter> unwanted = Optional.of(part);
        try {
            synchronized (this) {
                if (ended) {
                    throw PartsUploads.unknown();
                }
                if (number < next) {
                    if (!digest.equals(taken.get(number))) {
                        throw ProblemException.conflict(
                                "Part " + number + " was taken with other bytes already. Begin another upload.");
                    }
                } else {
                    unwanted = Optional.ofNullable(waiting.put(number, part));
                    taken.put(number, digest);
                }
            }
        } finally {
            unwanted.ifPresent(PartsUpload::close);
        }
        append();
    }

    /** Moves what waits and has its turn into the file, unless another thread does. */
    private void append() throws IOException {
        synchronized (this) {
            if (appending || ended) {
                return;
            }
            appending = true;
        }
        boolean whole = false;
        try {
            for (BlobWriter part = turn(); part != null; part = turn()) {
                copy(part);
            }
            whole = true;
        } finally {
            synchronized (this) {
                appending = false;
                if (!whole) {
                    // The file has a part of a part now.
                    end();
                } else if (ended) {
                    close(file);
                }
                notifyAll();
            }
        }
        synchronized (this) {
            if (!waiting.containsKey(next)) {
                return;
            }
        }
        // One came between the last look and the end of the turn.
        append();
    }

    private synchronized @Nullable BlobWriter turn() {
        BlobWriter part = ended ? null : waiting.remove(next);
        if (part != null) {
            next++;
        }
        return part;
    }

    private void copy(BlobWriter part) throws IOException {
        try (ReadableByteChannel bytes = part.written()) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (bytes.read(buffer) >= 0) {
                buffer.flip();
                file.write(buffer);
                buffer.clear();
            }
        } finally {
            close(part);
        }
    }

    /**
     * Keeps the file.
     *
     * @param named the digest of each part as the caller has it
     * @throws ProblemException of kind INVALID when a part is missing or another than the caller names; the upload goes
     *     on then
     */
    Artifact complete(Map<Integer, Optional<Digest>> named, ArtifactService artifacts) throws IOException {
        synchronized (this) {
            try {
                while (appending) {
                    wait();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemType.UNAVAILABLE, "The server stops.").exception();
            }
            if (ended) {
                throw PartsUploads.unknown();
            }
            if (next <= parts) {
                throw ProblemException.invalid("parts", "Part " + next + " of " + parts + " is missing. Send it.");
            }
            named.forEach(this::requireSame);
            ended = true;
        }
        try {
            return artifacts.put(path, intake.keep(file));
        } finally {
            close(file);
        }
    }

    @GuardedBy("this")
    private void requireSame(int number, Optional<Digest> digest) {
        if (number < 1 || number > parts || (digest.isPresent() && !digest.get().equals(taken.get(number)))) {
            throw ProblemException.invalid(
                    "parts", "Part " + number + " is none of this upload, or other bytes were taken under its number.");
        }
    }

    synchronized boolean ended() {
        return ended;
    }

    /** Forgets all that arrived. */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        waiting.values().forEach(PartsUpload::close);
        waiting.clear();
        if (!appending) {
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
