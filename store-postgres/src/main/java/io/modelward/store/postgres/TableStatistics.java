package io.modelward.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the database look at its tables anew while they are young. Without statistics PostgreSQL takes every table for
 * nearly empty, and a search of some thousand runs takes seconds. The database looks by itself about once a minute,
 * which is too late for a table that gets thousands of rows in its first minute. So the tables are analysed after 300
 * statements, and each time when twice as many were written; soon that is less often than the database does it.
 */
final class TableStatistics implements SqlLogger, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableStatistics.class);
    private static final long FIRST = 300;

    private final PostgresDatabase database;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("catalog-statistics").factory());
    private long statements;
    private long next = FIRST;

    TableStatistics(PostgresDatabase database) {
        this.database = database;
    }

    /** Counts what the writer does; called by the writer's thread only. */
    @Override
    public void logAfterExecution(StatementContext context) {
        statements++;
    }

    /** After a commit, by the writer's thread. */
    void committed() {
        if (statements < next) {
            return;
        }
        while (next <= statements) {
            next *= 2;
        }
        try {
            thread.execute(this::analyse);
        } catch (RejectedExecutionException closed) {
            LOG.debug("the catalog is closed", closed);
        }
    }

    private void analyse() {
        try (Connection connection = database.connect(0);
                Statement statement = connection.createStatement()) {
            for (String table : PostgresDatabase.ask(
                            connection,
                            "SELECT string_agg(format('%I.%I', schemaname, tablename), ',') FROM pg_tables WHERE"
                                    + " schemaname = current_schema()")
                    .split(",", 0)) {
                statement.execute("ANALYZE " + table);
            }
        } catch (SQLException failure) {
            LOG.debug("the tables could not be analysed; the database does it later", failure);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
