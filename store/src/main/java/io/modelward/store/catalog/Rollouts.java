package io.modelward.store.catalog;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Rollouts, their evidence, and the versions that were rolled back. Evidence is inserted and read, never changed. */
public interface Rollouts {

    Optional<RolloutRecord> find(String id);

    Optional<RolloutRecord> findByKey(String endpoint, String idempotencyKey);

    /** The one that occupies the endpoint. */
    Optional<RolloutRecord> atWork(String endpoint);

    /** The one that has waited longest. */
    Optional<RolloutRecord> firstQueued(String endpoint);

    /** All that are not ended, of all endpoints, in the order of their starts. */
    List<RolloutRecord> open();

    /** Those of an endpoint with a number below {@code before}, newest first, at most {@code limit}. */
    List<RolloutRecord> list(String endpoint, long before, int limit);

    /** Inserts the next rollout of its endpoint. At most one of an endpoint may be at work. */
    RolloutRecord insert(Rollout rollout, Optional<String> idempotencyKey, String request, Change started);

    /**
     * Keeps a rollout's new state.
     *
     * @param version the version it was read with
     * @return the new version
     * @throws io.modelward.core.problem.ProblemException of kind CONFLICT when it was changed meanwhile
     */
    long update(Rollout rollout, long version, Instant at);

    /** Notes that the process that drove it has stopped in good order. */
    void leave(String id);

    /** Adds a tick; the same one twice is an error and changes nothing. */
    void insertTick(String rollout, ScoredTick tick, byte[] keys);

    /** Visits the ticks of a rollout with numbers above {@code after} and up to {@code to}, in their order. */
    void forEachTick(String rollout, long after, long to, Consumer<ScoredTick> consumer);

    /** Visits the hashes of the keys that a rollout has scored, eight big-endian bytes each, some at a time. */
    void forEachKeys(String rollout, Consumer<byte[]> consumer);

    void quarantine(Quarantine quarantine);

    Optional<Quarantine> quarantined(String endpoint, Digest digest);

    /** Those that are not released, newest first. */
    List<Quarantine> quarantines(String endpoint);

    /** Lets the version serve again. */
    void release(String endpoint, Digest digest, Instant at);
}
