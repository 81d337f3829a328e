package io.modelward.store.catalog;

import java.util.function.Function;

/**
 * Every name, pointer and history entry of Modelward, in one SQL database. Work is done in transactions: all of a unit
 * happens or nothing of it. A unit returns values and touches nothing else: it changes no object from outside of it,
 * and does no other input or output, since a unit may be undone after it ran. Calls wait for the answer and may be made
 * from any thread, virtual ones too.
 */
public interface Catalog extends AutoCloseable {

    /** Runs a unit of reading on one consistent snapshot. */
    <T> T read(Function<CatalogTransaction, T> unit);

    /**
     * Runs a unit of reading and writing. Units are serial: each sees all that came before it. When this returns, what
     * the unit wrote is durable. When the unit throws, nothing of it is kept and the exception reaches the caller.
     *
     * @throws io.modelward.core.problem.ProblemException of kind OVERLOADED when too many units wait, STORAGE_FULL when
     *     the disk is full, UNAVAILABLE when the database failed to sync and must be restarted and verified
     */
    <T> T write(Function<CatalogTransaction, T> unit);

    @Override
    void close();
}
