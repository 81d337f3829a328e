package io.modelward.store.catalog.sql;

/**
 * The one connection that a {@link GroupCommitWriter} writes with. It is called by the writer's thread only. What an
 * engine does when a statement or a commit fails is said here, and nowhere else.
 */
public interface WritingConnection extends AutoCloseable {

    /**
     * Begins a transaction.
     *
     * @throws RuntimeException when the database is not there; then {@link #failed} is asked
     */
    SqlTransaction begin();

    /** Makes the transaction durable. */
    void commit();

    /** Undoes the transaction; answers whether nothing of it is left. */
    boolean rollBack();

    /** Whether the failure of one statement may have ended the whole transaction. */
    boolean endsTransaction(RuntimeException failure);

    /** The failure of a unit as its caller is told it. */
    RuntimeException translate(RuntimeException failure);

    /**
     * Says what follows from a failure of a whole transaction.
     *
     * @param committing whether the commit had begun
     * @param undone whether {@link #rollBack} said that nothing is left
     * @param attempt how often this group was tried, from 1
     */
    AfterFailure failed(RuntimeException failure, boolean committing, boolean undone, int attempt);

    /** What follows from a failure. */
    sealed interface AfterFailure {

        /** Nothing of the group is kept, or nobody can say; its callers are told the problem, and writing goes on. */
        record Refuse(RuntimeException problem) implements AfterFailure {}

        /** Nothing of the group is kept, and the group is run again. */
        record RunAgain() implements AfterFailure {}

        /** The group was kept, although the answer to its commit was lost. */
        record Kept() implements AfterFailure {}

        /** Nobody knows what the database holds. Nothing is written any more. */
        record Stop(RuntimeException problem) implements AfterFailure {}
    }

    @Override
    void close();
}
