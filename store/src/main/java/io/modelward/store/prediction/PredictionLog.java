package io.modelward.store.prediction;

import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.prediction.PredictionLogStatus;
import io.modelward.core.prediction.RecordPlace;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The decision records of all predictions, append-only. A record that {@link Claim#write} returned for survives the
 * death of the process; it survives a power loss after the next sync, at most {@link PredictionLogStatus#syncMillis}
 * later.
 */
public interface PredictionLog extends AutoCloseable {

    /**
     * A prediction's id and the place of its record. Never waits and never fails: without a free place the record is
     * not kept.
     */
    Claim claim();

    /** The record, or why there is none. */
    Found find(PredictionId id);

    /**
     * Records before a place, the newest first. Damaged records are left out; {@link #check} names them.
     *
     * @param before where the last look ended; empty: begins with the newest record
     * @param wanted which records are asked for
     * @param most how many to answer at most
     */
    Look look(Optional<RecordPlace> before, RecordQuery wanted, int most);

    /** The numbers of the files that hold records, in order. */
    List<Integer> segments();

    /** Whether a file takes no more records: what it holds stays as it is. */
    boolean isSealed(int segment);

    /** Checks every record of one file; reads a piece at a time. */
    SegmentCheck check(int segment);

    /**
     * The first files whose records are all older than a time, in order. A file that takes records, or may yet take
     * some, is never among them, nor is the newest of the others: the numbers of files go on from it.
     */
    List<OldSegment> olderThan(Instant time, int most);

    /**
     * Removes a file that {@link #olderThan} named; one that is gone already stays gone.
     *
     * @throws IllegalArgumentException when the file is not sealed
     */
    void remove(int segment) throws IOException;

    PredictionLogStatus status();

    @Override
    void close();

    /**
     * What lies at the place that an id names.
     *
     * @param damaged whether a record was written there that cannot be believed any more
     */
    record Found(Optional<DecisionRecord> record, boolean damaged) {

        /** There is none: unknown id, not kept, or torn by a crash before it was answered. */
        static final Found ABSENT = new Found(Optional.empty(), false);

        static final Found DAMAGED = new Found(Optional.empty(), true);
    }

    /** A record with its id. */
    record KeptRecord(PredictionId id, DecisionRecord record) {}

    /**
     * Which records are asked for.
     *
     * @param since the earliest time; what is more than a minute older than a newer record is not looked for beyond
     * @param until the time before which the records were
     * @param matches what else must hold of a record
     */
    record RecordQuery(Instant since, Instant until, Predicate<DecisionRecord> matches) {}

    /**
     * What one look found. A look is bounded, so it may find few records, or none, and there are more all the same.
     *
     * @param next where the next look begins; empty when there are no more records
     */
    record Look(List<KeptRecord> found, Optional<RecordPlace> next) {}

    /**
     * What a check of one file found.
     *
     * @param records that are as they were written
     * @param damaged the slots of those that are not; a damaged header is slot -1
     */
    record SegmentCheck(int segment, long records, long bytes, List<Integer> damaged) {}

    /**
     * A file that is older than was asked for.
     *
     * @param newest the time of its newest record; empty: none of its records can be read
     */
    record OldSegment(int segment, long records, long bytes, Optional<Instant> newest) {}

    /** A place for one record. */
    interface Claim {

        PredictionId id();

        /** Whether the record will be kept. */
        boolean kept();

        /** Writes the record; once, before the answer is sent. */
        void write(DecisionRecord record);
    }
}
