package io.modelward.store.postgres;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.catalog.sql.WritingConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that writes; it holds the lock of the database.
 *
 * <p><b>A lost answer.</b> Each transaction writes a mark of its own into the one row of {@code last_commit}. When the
 * connection breaks during a commit, the next connection reads the row: the mark is there, or the commit did not
 * happen. Nobody else can have written meanwhile without the lock, and one who had the lock meanwhile is noticed by
 * another mark.
 *
 * <p><b>Serialisation.</b> Transactions run at REPEATABLE READ. Nobody but this connection writes, so none fails for
 * another's sake, unless an operator changes rows by hand; then the group is run again.
 */
final class PostgresWritingConnection implements WritingConnection {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWritingConnection.class);
    private static final int MAX_ATTEMPTS = 100;
    private static final int MAX_BROKEN = 10;
    private static final long PAUSE_MILLIS = 50;
    /** In which a group waits for a new connection, however the database fares meanwhile. */
    private static final long PATIENCE_MILLIS = 3000;

    private final PostgresDatabase database;
    private final Availability availability;
    private final TableStatistics statistics;
    private @Nullable Handle handle;
    private String mark = "";
    private String markBefore = "";
    private String told = "";

    /** @param connection one that holds the lock */
    PostgresWritingConnection(PostgresDatabase database, Availability availability, Connection connection)
            throws SQLException {
        this.database = database;
        this.availability = availability;
        this.statistics = new TableStatistics(database);
        this.handle = handle(connection);
        this.markBefore = PostgresDatabase.ask(connection, "SELECT mark FROM last_commit");
        connection.commit();
    }

    private Handle handle(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        availability.use(connection);
        Handle opened = open(connection);
        opened.getConfig(SqlStatements.class).setSqlLogger(statistics);
        return opened;
    }

    /** A handle whose transactions are begun and ended on the connection. */
    static Handle open(Connection connection) {
        Jdbi jdbi = Jdbi.create(connection);
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        return jdbi.open();
    }

    @Override
    public SqlTransaction begin() {
        availability.require();
        Handle open = handle;
        if (open == null) {
            open = reopen();
        }
        mark = "";
        return new SqlTransaction(open, PostgresDatabase.DIALECT);
    }

    private Handle reopen() {
        Connection connection = null;
        try {
            connection = database.connect(0);
            availability.use(connection);
            if (!PostgresDatabase.isWritable(connection)) {
                throw new SQLException("the database takes no changes", "25006");
            }
            Optional<String> other = database.lock(connection);
            if (other.isPresent()) {
                throw lockedBy(other.get());
            }
            Handle opened = handle(connection);
            handle = opened;
            return opened;
        } catch (SQLException failure) {
            discard(connection);
            throw new LostConnection(failure);
        } catch (RuntimeException failure) {
            discard(connection);
            throw failure;
        }
    }

    private void discard(@Nullable Connection connection) {
        if (connection != null) {
            availability.release(connection);
            Availability.abort(connection);
        }
    }

    /** The log says so once for each other server. */
    private RuntimeException lockedBy(String other) {
        if (!other.equals(told)) {
            LOG.error("the database is written to by another server: {}", other);
            told = other;
        }
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "Another server writes to the database now, and this one does not. An operator must stop"
                                + " one of them.")
                .with("retry_after", 1)
                .exception();
    }

    @Override
    public void commit() {
        Handle open = java.util.Objects.requireNonNull(handle);
        mark = UUID.randomUUID().toString();
        open.execute("UPDATE last_commit SET mark = ? WHERE id = 1", mark);
        try {
            open.getConnection().commit();
            markBefore = mark;
            statistics.committed();
        } catch (SQLException failure) {
            throw new LostConnection(failure);
        }
    }

    @Override
    public boolean rollBack() {
        Handle open = handle;
        if (open == null) {
            return true;
        }
        try {
            open.getConnection().rollback();
        } catch (SQLException broken) {
            // The database undoes what a broken connection had begun.
            drop();
        }
        return true;
    }

    private void drop() {
        Handle open = handle;
        handle = null;
        if (open != null) {
            availability.release(open.getConnection());
            Availability.abort(open.getConnection());
        }
    }

    /**
     * Every failure of a statement ends a transaction of PostgreSQL up to the last savepoint, which the writer goes
     * back to.
     */
    @Override
    public boolean endsTransaction(RuntimeException failure) {
        return PostgresProblems.isLoss(failure) || PostgresProblems.isSerialization(failure);
    }

    @Override
    public RuntimeException translate(RuntimeException failure) {
        return PostgresProblems.translate(failure);
    }

    @Override
    public AfterFailure failed(RuntimeException failure, boolean committing, boolean undone, int attempt) {
        if (PostgresProblems.isSerialization(failure)) {
            return attempt < MAX_ATTEMPTS
                    ? new AfterFailure.RunAgain()
                    : new AfterFailure.Refuse(PostgresProblems.busy());
        }
        if (!PostgresProblems.isLoss(failure)) {
            if (!(failure instanceof ProblemException)) {
                LOG.error("the catalog could not commit", failure);
            }
            return new AfterFailure.Refuse(PostgresProblems.translate(failure));
        }
        drop();
        availability.suspect();
        if (attempt >= MAX_BROKEN) {
            // A unit that breaks each connection must come to an end.
            return new AfterFailure.Refuse(committing ? PostgresProblems.unknown() : PostgresProblems.away());
        }
        return afterLoss(committing && !mark.isEmpty());
    }

    /** Waits for the database as long as its callers may wait, and finds out what became of the commit. */
    private AfterFailure afterLoss(boolean committing) {
        RuntimeException problem = committing ? PostgresProblems.unknown() : PostgresProblems.away();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (availability.isPatient() && System.nanoTime() < end) {
            try {
                availability.require();
                Handle open = reopen();
                String found = open.createQuery("SELECT mark FROM last_commit WHERE id = 1")
                        .mapTo(String.class)
                        .one();
                open.getConnection().rollback();
                if (committing && found.equals(mark)) {
                    markBefore = mark;
                    return new AfterFailure.Kept();
                }
                if (!found.equals(markBefore)) {
                    LOG.warn("the database has a later change: of another server, or of a commit whose answer was"
                            + " lost before");
                    markBefore = found;
                }
                return new AfterFailure.RunAgain();
            } catch (ProblemException refused) {
                // The database is away, or another server has it now.
                drop();
                problem = committing ? problem : refused;
                pause();
            } catch (SQLException | RuntimeException still) {
                drop();
                availability.suspect();
                pause();
            }
        }
        return new AfterFailure.Refuse(problem);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        statistics.close();
        Handle open = handle;
        handle = null;
        if (open != null) {
            availability.release(open.getConnection());
            try {
                open.getConnection().close();
            } catch (SQLException broken) {
                LOG.debug("the connection was broken already", broken);
            }
        }
    }

    /** A failure of the connection, carried past code that knows no SQL. */
    static final class LostConnection extends RuntimeException {
        LostConnection(SQLException cause) {
            super(cause);
        }
    }
}
