package io.modelward.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.GroupCommitWriter;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.postgres.PostgresWritingConnection.LostConnection;
import io.modelward.store.unit.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog in a PostgreSQL database, of one server. Writing is done by one thread over one connection, in groups, as
 * on every database; that makes units serial, and one sync of the database's log serves many of them. Reading is done
 * over a pool, each unit on one snapshot. What happens while the database is away, {@link Availability} and
 * {@link PostgresWritingConnection} say.
 */
final class PostgresCatalog implements Catalog {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCatalog.class);
    private static final int MAX_WAITING_READS = 4096;
    /** Of one unit over connections that break; one that breaks them itself must come to an end. */
    private static final int MAX_ATTEMPTS = 10;
    /** A server that was killed leaves a connection, which the database needs a moment to notice. */
    private static final long WAIT_FOR_LOCK_MILLIS = 5000;

    private final Availability availability;
    private final GroupCommitWriter writer;
    private final HikariDataSource readers;
    private final Semaphore reading = new Semaphore(MAX_WAITING_READS);

    private PostgresCatalog(Availability availability, GroupCommitWriter writer, HikariDataSource readers) {
        this.availability = availability;
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens the database, making or migrating its tables.
     *
     * @throws StartRefused when it cannot be reached, belongs to another server, or is a newer release's
     */
    static PostgresCatalog open(PostgresUrl url, Failpoints failpoints) {
        PostgresDatabase database = new PostgresDatabase(url);
        Connection connection = null;
        HikariDataSource readers = null;
        Availability availability = null;
        try {
            connection = database.connectAtStart();
            if (!PostgresDatabase.isWritable(connection)) {
                throw database.readOnly();
            }
            lock(database, connection);
            database.prepare(connection);
            HikariDataSource pool = database.readers();
            readers = pool;
            availability =
                    new Availability(database, () -> pool.getHikariPoolMXBean().softEvictConnections());
            return new PostgresCatalog(
                    availability,
                    new GroupCommitWriter(
                            new PostgresWritingConnection(database, availability, connection), failpoints),
                    readers);
        } catch (SQLException | RuntimeException failure) {
            if (availability != null) {
                availability.close();
            }
            if (readers != null) {
                readers.close();
            }
            if (connection != null) {
                Availability.abort(connection);
            }
            throw unopened(database, failure);
        }
    }

    /** Whatever the database said is a sentence for the operator; what it did not say stays as it is. */
    private static RuntimeException unopened(PostgresDatabase database, Exception failure) {
        if (failure instanceof StartRefused refused) {
            return refused;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return database.unopened(sql);
            }
        }
        return (RuntimeException) failure;
    }

    private static void lock(PostgresDatabase database, Connection connection) throws SQLException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_FOR_LOCK_MILLIS);
        Optional<String> other = database.lock(connection);
        while (other.isPresent() && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
            other = database.lock(connection);
        }
        if (other.isPresent()) {
            throw database.refused(
                    "is used by another server: " + other.get() + ". Stop that one, or name another database");
        }
    }

    @Override
    public <T> T write(Function<CatalogTransaction, T> unit) {
        return writer.write(unit);
    }

    @Override
    public <T> T read(Function<CatalogTransaction, T> unit) {
        UnitOfWork.requireNone("reads the catalog once more");
        if (!reading.tryAcquire()) {
            throw tooMany();
        }
        try {
            for (int attempt = 1; ; attempt++) {
                availability.require();
                try {
                    return readNow(unit);
                } catch (RuntimeException failure) {
                    boolean again =
                            PostgresProblems.isLoss(failure) && attempt < MAX_ATTEMPTS && availability.isPatient();
                    if (!again) {
                        throw PostgresProblems.translate(failure);
                    }
                    // The unit is asked again of a new connection.
                    availability.suspect();
                }
            }
        } finally {
            reading.release();
        }
    }

    private <T> T readNow(Function<CatalogTransaction, T> unit) {
        try (Connection connection = readers.getConnection()) {
            availability.use(connection);
            try {
                SqlTransaction transaction =
                        new SqlTransaction(PostgresWritingConnection.open(connection), PostgresDatabase.DIALECT);
                return UnitOfWork.run(() -> unit.apply(transaction));
            } finally {
                rollBack(connection);
                availability.release(connection);
            }
        } catch (SQLTransientConnectionException none) {
            if (PostgresProblems.isLoss(none)) {
                throw new LostConnection(none);
            }
            throw tooMany();
        } catch (SQLException failure) {
            throw new LostConnection(failure);
        }
    }

    /** Whoever asked is told the first failure, not that of giving the connection back. */
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            LOG.debug("a transaction that read could not be ended", broken);
        }
    }

    private static RuntimeException tooMany() {
        return Problem.of(ProblemType.OVERLOADED, "Too many requests wait for the catalog. Try again in a second.")
                .with("retry_after", 1)
                .exception();
    }

    @Override
    public void close() {
        writer.close();
        availability.close();
        readers.close();
    }
}
