package io.modelward.store.catalog.sqlite;

import io.modelward.store.catalog.sql.GroupCommitWriter;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.catalog.sql.WritingConnection;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of a SQLite file. A commit that fails for another reason than a full disk leaves it unknown what the
 * file holds. Nothing more is written then: going on would build on pages that may never have reached the disk.
 */
final class SqliteWritingConnection implements WritingConnection {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWritingConnection.class);

    private final Handle handle;
    private final SqlTransaction transaction;

    SqliteWritingConnection(Handle handle) {
        this.handle = handle;
        this.transaction = new SqlTransaction(handle, SqliteDatabase.DIALECT);
    }

    @Override
    public SqlTransaction begin() {
        handle.execute("BEGIN IMMEDIATE");
        return transaction;
    }

    @Override
    public void commit() {
        handle.execute("COMMIT");
    }

    @Override
    public boolean rollBack() {
        try {
            handle.execute("ROLLBACK");
            return true;
        } catch (RuntimeException failure) {
            // SQLite ends the transaction by itself on a full disk; then there is nothing left to roll back.
            return String.valueOf(failure.getMessage()).contains("no transaction is active");
        }
    }

    @Override
    public boolean endsTransaction(RuntimeException failure) {
        return SqliteProblems.endsTransaction(failure);
    }

    @Override
    public RuntimeException translate(RuntimeException failure) {
        return SqliteProblems.translate(failure);
    }

    @Override
    public AfterFailure failed(RuntimeException failure, boolean committing, boolean undone, int attempt) {
        LOG.error("the catalog could not commit", failure);
        return !undone || (committing && !SqliteProblems.isFull(failure))
                ? new AfterFailure.Stop(GroupCommitWriter.unusable())
                : new AfterFailure.Refuse(SqliteProblems.translate(failure));
    }

    @Override
    public void close() {
        handle.close();
    }
}
