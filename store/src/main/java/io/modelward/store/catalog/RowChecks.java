package io.modelward.store.catalog;

import java.util.List;
import java.util.Optional;

/** Checks that rows which must not change are as they were written. */
public interface RowChecks {

    /** The tables that have such rows. */
    List<String> tables();

    /**
     * Checks the next rows of a table.
     *
     * @param after where the slice before ended; empty at the start
     */
    Slice check(String table, List<Object> after, int limit);

    /**
     * The result for a slice of rows.
     *
     * @param unhashed rows that an earlier release wrote, which have no hash
     * @param damaged the keys of those that are not as they were written
     * @param end the key of the last row; empty when the table has ended
     */
    record Slice(int rows, int unhashed, List<String> damaged, List<Object> end) {}

    /** Where the audit log's chain ends. */
    Head head();

    /**
     * The end of a chain.
     *
     * @param sequence of the last entry in it; of the entry before the first one when there is none
     */
    record Head(long sequence, byte[] chain) {}

    /** Whether there are entries that are not in the chain yet. */
    boolean waiting();

    /** Puts the next entries into the audit log's chain, at most so many, and says how many there were. */
    int chain(int limit);

    /**
     * Checks that the next entries are in the chain in their order.
     *
     * @param after the end of the slice before; empty at the start
     * @param upTo the last entry that is looked at: the sequencer comes later to those that were written a moment ago
     */
    ChainSlice checkChain(Optional<Head> after, long upTo, int limit);

    /**
     * The result for a slice of the chain.
     *
     * @param damaged what is wrong, by the entry's sequence
     * @param last whether nothing follows
     */
    record ChainSlice(Head end, List<Broken> damaged, boolean last) {}

    /** One break of the chain. */
    record Broken(long sequence, String what) {}
}
