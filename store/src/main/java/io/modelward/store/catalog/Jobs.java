package io.modelward.store.catalog;

import io.modelward.core.digest.Digest;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.TrainedVersion;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Training jobs, their runs, what the runs published, and the blobs that jobs and runs name. */
public interface Jobs {

    /** The number that the next job gets. */
    long nextNumber();

    void insert(Job job);

    /** Keeps all but name, number, model and time of making. */
    void update(Job job);

    void delete(JobName name);

    Optional<Job> find(JobName name);

    long count();

    /** Jobs whose number is below {@code before}, newest first, at most {@code limit}. */
    List<Job> list(long before, int limit);

    /** Jobs that are due at a time, the longest due first, at most {@code limit}. */
    List<Job> due(Instant now, int limit);

    /**
     * Moves the time at which a job is due, when the time is still the one that the caller saw: of two servers one does.
     *
     * @return whether this call did
     */
    boolean claim(JobName name, Instant seen, Optional<Instant> next);

    /** The number that the next run gets. */
    long nextRun();

    void insertRun(JobRun run);

    /**
     * Keeps how far a run has come, when its state is still the one that the caller saw.
     *
     * @return whether this call did
     */
    boolean updateRun(JobRun run, JobRunState seen);

    /** Notes why a run that is at work is to end; the server that runs it reads that. */
    void stop(String run, String why);

    /** Notes that the server is at work on its runs. */
    void alive(String server, Collection<String> runs, Instant now);

    Optional<JobRun> run(String id);

    /** Notes by what the token of a run is known. */
    void credential(String run, String credential);

    /** By what the token of a run is known; empty when the run has none. */
    Optional<String> credential(String run);

    /** The run whose token is known by this, also when the run has ended. */
    Optional<JobRun> byCredential(String credential);

    /** Notes that a run made a version that was there already. */
    void found(String run, String version);

    /** The version that a run made once more; empty when there is none. */
    Optional<String> found(String run);

    /** Notes the hash of what proved the signed call that started a run. */
    void called(String run, String proof);

    /** The run of the job that a call of this proof started. */
    Optional<JobRun> byCall(JobName job, String proof);

    /** Runs with a number below {@code before}, newest first, at most {@code limit}; of one job when one is named. */
    List<JobRun> runs(Optional<JobName> job, long before, int limit);

    /** Runs of a state, oldest first, at most {@code limit}; those that make a version once more after all others. */
    List<JobRun> inState(JobRunState state, int limit);

    /**
     * The newest run of a job that trains this model; none that makes a version once more. A job of the same name that
     * was deleted may have trained another model.
     */
    Optional<JobRun> newest(JobName job, long model);

    /**
     * The runs of a job that trains this model that are queued or at work, oldest first; none that makes a version once
     * more.
     */
    List<JobRun> open(JobName job, long model);

    /**
     * The newest run of a job that trains this model with a number below this one that has succeeded or failed; none
     * that makes a version once more.
     */
    Optional<JobRun> endedBefore(JobName job, long model, long number);

    /** Notes what a run published. */
    void published(TrainedVersion version);

    /** What a run published, in the order of the versions' ids. */
    List<TrainedVersion> versions(String run);

    /** What is known of a version that a run published. */
    Optional<TrainedVersion> trained(long version);

    /** Notes that an owner names a blob. */
    void nameBlob(Digest blob, String owner, long size);

    /** The size of a blob that jobs name; empty when none does. */
    OptionalLong blobSize(Digest blob);

    /** Forgets what an owner names. */
    void forgetBlobs(String owner);

    /** The sum of the sizes of uploads that no job may name yet, in bytes. */
    long uploaded();

    /**
     * Forgets runs that ended before a time and published nothing, with the blobs that they name, at most {@code
     * limit}; answers how many. What a version was made of stays with the version, and so do runs that made it once more.
     */
    int forgetRuns(Instant before, int limit);

    /** Forgets uploads that were made before a time. */
    void forgetUploads(Instant before);
}
