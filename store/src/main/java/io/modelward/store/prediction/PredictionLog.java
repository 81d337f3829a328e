package io.modelward.store.prediction;

import java.util.Optional;

/**
 * The decision records of all predictions, append-only. A record that {@link Claim#write} returned for survives the death of the
 * process; it survives a power loss after the next sync, at most {@link Stats#syncMillis} later.
 */
public interface PredictionLog extends AutoCloseable {

    /** A prediction's id and the place of its record. Never waits and never fails: without a free place the record is not kept. */
    Claim claim();

    /** The record, or empty when there is none: unknown id, not kept, or torn by a crash before it was answered. */
    Optional<DecisionRecord> find(PredictionId id);

    Stats stats();

    @Override
    void close();

    /** A place for one record. */
    interface Claim {

        PredictionId id();

        /** Whether the record will be kept. */
        boolean kept();

        /** Writes the record; once, before the answer is sent. */
        void write(DecisionRecord record);
    }

    /**
     * How the log fares.
     *
     * @param kept records written since the start
     * @param lost predictions answered since the start whose record could not be kept
     * @param segments files on disk
     * @param syncMillis how often records are synced
     */
    record Stats(long kept, long lost, int segments, int syncMillis) {}
}
