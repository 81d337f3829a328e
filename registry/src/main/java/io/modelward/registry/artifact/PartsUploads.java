package io.modelward.registry.artifact;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts that arrive in parts. An upload is known by an unguessable id until it is completed or aborted, until
 * nobody sent a byte of it for an hour, or until the server stops; then its parts are forgotten.
 */
public final class PartsUploads implements AutoCloseable {

    /** How many parts one upload may have. */
    public static final int MOST_PARTS = 10_000;

    /** How many bytes one part may have. */
    public static final long LARGEST_PART = 1L << 30;

    private static final int MOST_UPLOADS = 64;
    private static final int MOST_PARTS_OF_ALL = 100_000;
    private static final int MOST_COMPLETED = 256;
    private static final int ID_BYTES = 16;
    private static final Duration IDLE = Duration.ofHours(1);

    private final Access access;
    private final ArtifactService artifacts;
    private final InstantSource clock;
    private final RandomGenerator random;

    private record Open(PartsUpload upload, Instant used) {}

    @GuardedBy("this")
    private final Map<String, Open> open = new LinkedHashMap<>();

    /** The last completed ones: an answer that was lost is asked for again. */
    @GuardedBy("this")
    private final Map<String, ArtifactPath> completed = new LinkedHashMap<>();

    /** @param random unguessable: who knows an upload's id may send parts of it */
    public PartsUploads(Access access, ArtifactService artifacts, InstantSource clock, RandomGenerator random) {
        this.access = access;
        this.artifacts = artifacts;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Begins an upload.
     *
     * @return its id
     * @throws ProblemException OVERLOADED when too many uploads are open
     */
    public String create(ArtifactPath path, int parts) throws IOException {
        access.require(Action.TRACK, new Resource.Artifact(path));
        if (parts < 1 || parts > MOST_PARTS) {
            throw ProblemException.invalid("num_parts", "An upload has 1 to " + MOST_PARTS + " parts.");
        }
        artifacts.requireWritable(path);
        forgetIdle();
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        BlobIntake intake = artifacts.intake();
        synchronized (this) {
            int others =
                    open.values().stream().mapToInt(one -> one.upload().parts).sum();
            if (open.size() >= MOST_UPLOADS || others + parts > MOST_PARTS_OF_ALL) {
                throw Problem.of(
                                ProblemType.OVERLOADED,
                                "Too many uploads in parts are open. Try again later, or send the file whole.")
                        .with("retry_after", 5)
                        .exception();
            }
            open.put(id, new Open(new PartsUpload(path, parts, intake), clock.instant()));
        }
        return id;
    }

    /** One part on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
    public static final class Part implements AutoCloseable {

        private final PartsUpload upload;
        private final int number;
        private final BlobWriter bytes;
        private final Executor appenders;
        private final Runnable used;
        private long taken;
        private boolean finished;

        private Part(PartsUpload upload, int number, BlobWriter bytes, Executor appenders, Runnable used) {
            this.upload = upload;
            this.number = number;
            this.bytes = bytes;
            this.appenders = appenders;
            this.used = used;
        }

        public void write(ByteBuffer more) throws IOException {
            taken += more.remaining();
            if (taken > LARGEST_PART) {
                throw Problem.of(
                                ProblemType.TOO_LARGE,
                                "A part has at most " + (LARGEST_PART >> 20) + " MiB. Send smaller parts.")
                        .exception();
            }
            // A part may take longer to arrive than an idle upload is kept.
            used.run();
            bytes.write(more);
        }

        /** Hands the part over; answers the SHA-256 of its bytes. */
        public Digest finish() throws IOException {
            Digest digest = bytes.digest();
            finished = true;
            upload.arrived(number, bytes, appenders);
            return digest;
        }

        @Override
        public void close() throws IOException {
            if (!finished) {
                bytes.close();
            }
        }
    }

    /**
     * Starts to take in a part.
     *
     * @param appenders go on with the file, a little each time, when much is to be appended at once
     */
    public Part part(String id, int number, Executor appenders) throws IOException {
        Optional<PartsUpload> upload = use(id);
        access.require(
                Action.TRACK, new Resource.Artifact(upload.map(one -> one.path).orElse(ArtifactPath.ROOT)));
        PartsUpload found = upload.orElseThrow(PartsUploads::unknown);
        found.requireRoom(number);
        return new Part(found, number, artifacts.intake().writer(), appenders, () -> {
            var _ = use(id);
        });
    }

    private synchronized Optional<PartsUpload> use(String id) {
        return Optional.ofNullable(open.computeIfPresent(id, (key, one) -> new Open(one.upload(), clock.instant())))
                .map(Open::upload);
    }

    /**
     * Makes the parts one file at the path; when this returns, the file is there whole and stays after a crash.
     *
     * @param parts the digest of each part as the caller has it; empty: the caller has none
     */
    public void complete(String id, ArtifactPath path, Map<Integer, Optional<Digest>> parts) throws IOException {
        access.require(Action.TRACK, new Resource.Artifact(path));
        PartsUpload upload = at(id, path);
        if (upload == null) {
            if (isCompleted(id, path)) {
                return;
            }
            throw unknown();
        }
        try {
            upload.complete(parts, artifacts);
            synchronized (this) {
                completed.put(id, path);
                if (completed.size() > MOST_COMPLETED) {
                    completed.remove(completed.keySet().iterator().next());
                }
            }
        } finally {
            if (upload.ended()) {
                synchronized (this) {
                    open.remove(id);
                }
            }
        }
    }

    private synchronized boolean isCompleted(String id, ArtifactPath path) {
        return path.equals(completed.get(id));
    }

    /** Forgets an upload; one that is not there is forgotten already. */
    public void abort(String id, ArtifactPath path) {
        access.require(Action.TRACK, new Resource.Artifact(path));
        PartsUpload upload = at(id, path);
        if (upload != null) {
            synchronized (this) {
                open.remove(id);
            }
            upload.end();
        }
    }

    private @Nullable PartsUpload at(String id, ArtifactPath path) {
        return use(id).filter(upload -> upload.path.equals(path)).orElse(null);
    }

    /** Forgets uploads that nobody goes on with, or that ended because their file could not be written. */
    public void forgetIdle() {
        Instant before = clock.instant().minus(IDLE);
        List<PartsUpload> idle = new ArrayList<>();
        synchronized (this) {
            open.values()
                    .removeIf(one -> one.upload().ended()
                            || (one.used().isBefore(before) && !one.upload().isAtWork() && idle.add(one.upload())));
        }
        idle.forEach(PartsUpload::end);
    }

    @Override
    public void close() {
        List<PartsUpload> all;
        synchronized (this) {
            all = open.values().stream().map(Open::upload).toList();
            open.clear();
        }
        all.forEach(PartsUpload::end);
    }

    static ProblemException unknown() {
        return ProblemException.missing("upload", "", "There is no such upload. Begin it again.");
    }
}
