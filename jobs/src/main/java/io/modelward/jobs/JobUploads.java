package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.job.JobFile;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Takes in the files of jobs: a file waits for a day, and stays as long as a job or a run names it. */
public final class JobUploads {

    /** The largest file of a job, in bytes. */
    private static final long LARGEST_FILE = 2L << 30;
    /** The sum of files that wait for a job, in bytes; a day's files of all callers. */
    private static final long MOST_UPLOADED = 20L << 30;
    /** How long an upload waits for a job that names it. */
    static final Duration KEPT = Duration.ofDays(1);

    private final Access access;
    private final Catalog catalog;
    private final BlobIntake intake;
    private final InstantSource clock;

    JobUploads(Access access, Catalog catalog, BlobIntake intake, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.intake = intake;
        this.clock = clock;
    }

    /** A file on its way to a job. Used by one thread at a time; closing without {@link #finish} forgets it. */
    public final class Upload implements AutoCloseable {

        private final BlobWriter blob;
        private long size;

        private Upload(BlobWriter blob) {
            this.blob = blob;
        }

        public void write(ByteBuffer bytes) throws IOException {
            size += bytes.remaining();
            if (size > LARGEST_FILE) {
                throw Problem.of(
                                ProblemType.TOO_LARGE,
                                "A file of a job has at most " + (LARGEST_FILE >> 20) + " MiB. Let the command fetch"
                                        + " larger data itself.")
                        .exception();
            }
            blob.write(bytes);
        }

        /** Keeps the file for a day, or as long as a job names it. */
        public JobFile finish() throws IOException {
            BlobWriter.Stored stored = intake.keep(blob);
            Instant now = clock.instant();
            catalog.write(tx -> {
                BlobIntake.name(tx, stored.digest(), stored.size(), now);
                tx.jobs().nameBlob(stored.digest(), upload(now), stored.size());
                return true;
            });
            return new JobFile("", stored.digest(), stored.size());
        }

        @Override
        public void close() throws IOException {
            blob.close();
        }
    }

    private static String upload(Instant now) {
        return "upload:%019d".formatted(ChronoUnit.MICROS.between(Instant.EPOCH, now));
    }

    /** Begins to take in a file: code as a ZIP archive, or data. */
    public Upload begin() throws IOException {
        access.requireSome(Action.RELEASE);
        if (catalog.read(tx -> tx.jobs().uploaded()) >= MOST_UPLOADED) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "Files of " + (MOST_UPLOADED >> 30) + " GiB wait for jobs that name them. Make the jobs, or"
                                    + " wait: a file waits for a day.")
                    .exception();
        }
        return new Upload(intake.writer());
    }
}
