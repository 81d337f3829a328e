package io.modelward.store.catalog.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The statements of one connection, prepared once and used again, since SQLite takes longer to compile most of ours
 * than to run them. A statement that is in use belongs to its user: who needs the same at that time gets another. One
 * that failed is not kept: after some errors, a full disk's among them, the driver has ended it. Of many that are kept,
 * the one that was not used for longest goes. For one thread at a time, as its connection.
 */
final class KeptStatements extends DefaultStatementBuilder implements SqlLogger {

    private static final int MAX_KEPT = 200;

    private final LinkedHashMap<String, PreparedStatement> kept = new LinkedHashMap<>();
    private final IdentityHashMap<Statement, String> inUse = new IdentityHashMap<>();

    /** Keeps the statements of this connection from now on. */
    static void of(Handle handle) {
        KeptStatements statements = new KeptStatements();
        handle.setStatementBuilder(statements);
        handle.getConfig(SqlStatements.class).setSqlLogger(statements);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        PreparedStatement statement = kept.remove(sql);
        if (statement == null) {
            statement = super.create(connection, sql, context);
        }
        inUse.put(statement, sql);
        return statement;
    }

    @Override
    public void logException(StatementContext context, SQLException failure) {
        inUse.remove(context.getStatement());
    }

    @Override
    public void close(Connection connection, String unparsed, Statement statement) throws SQLException {
        String sql = inUse.remove(statement);
        if (sql == null) {
            statement.close();
            return;
        }
        PreparedStatement prepared = (PreparedStatement) statement;
        // Its values stay bound until the next ones: unbinding has SQLite compile anew what depends on them.
        prepared.clearBatch();
        PreparedStatement other = kept.put(sql, prepared);
        if (other != null) {
            other.close();
        }
        if (kept.size() > MAX_KEPT) {
            kept.pollFirstEntry().getValue().close();
        }
    }

    /** Closes what is kept; the connection itself is closed by its owner. */
    @Override
    public void close(Connection connection) {
        for (PreparedStatement statement : kept.values()) {
            try {
                statement.close();
            } catch (SQLException closing) {
                throw new IllegalStateException(closing);
            }
        }
        kept.clear();
    }
}
