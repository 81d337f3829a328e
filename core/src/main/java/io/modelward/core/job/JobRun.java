package io.modelward.core.job;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run of a job.
 *
 * @param number in the order in which runs were made, over all jobs
 * @param modelId the model's number
 * @param plan of the job as the run began with it
 * @param due when it was due
 * @param asked who asked for it, and when it was queued
 * @param progress what has become of it
 */
public record JobRun(
        String id,
        long number,
        JobName job,
        long modelId,
        JobPlan plan,
        JobTrigger trigger,
        Instant due,
        Change asked,
        Progress progress) {

    /**
     * How far a run has come.
     *
     * @param server the process that runs it; empty before it began
     * @param alive when that process said last that it is at work
     * @param outcome a sentence; empty while it is at work
     * @param lock the environment that it ran in, a line for each package; empty when none was built
     * @param log the output, once the run has ended
     */
    public record Progress(
            JobRunState state,
            String server,
            Optional<Instant> alive,
            Optional<Instant> started,
            Optional<Instant> ended,
            OptionalInt exitCode,
            String outcome,
            String lock,
            Optional<Digest> log,
            long logSize) {

        /** Before it began. */
        public static final Progress QUEUED = new Progress(
                JobRunState.QUEUED,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                "",
                "",
                Optional.empty(),
                0);

        public Progress begun(String by, Instant now) {
            return new Progress(
                    JobRunState.RUNNING,
                    by,
                    Optional.of(now),
                    Optional.of(now),
                    Optional.empty(),
                    OptionalInt.empty(),
                    "",
                    "",
                    Optional.empty(),
                    0);
        }

        public Progress endedAs(JobRunState as, OptionalInt code, String words, Instant now) {
            return new Progress(as, server, alive, started, Optional.of(now), code, words, lock, log, logSize);
        }

        public Progress withLock(String packages) {
            return new Progress(state, server, alive, started, ended, exitCode, outcome, packages, log, logSize);
        }

        public Progress withLog(Digest kept, long size) {
            return new Progress(state, server, alive, started, ended, exitCode, outcome, lock, Optional.of(kept), size);
        }

        /** How long it was at work; empty when it never began or has not ended. */
        public Optional<Duration> duration() {
            return started.flatMap(from -> ended.map(to -> Duration.between(from, to)));
        }
    }

    public JobRun with(Progress now) {
        return new JobRun(id, number, job, modelId, plan, trigger, due, asked, now);
    }
}
