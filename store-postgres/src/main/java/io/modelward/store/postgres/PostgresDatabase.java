package io.modelward.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.sql.CatalogSchema;
import io.modelward.store.catalog.sql.Dialect;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import org.flywaydb.core.api.FlywayException;

/**
 * One database of a PostgreSQL server: how connections to it are opened, who may write to it, and its tables.
 *
 * <p>One server at a time writes. The writing connection holds an advisory lock, so that the right to write ends with
 * the connection: a server that lost its connection cannot write without taking the lock again.
 */
final class PostgresDatabase {

    /** In a pattern without an escape character only % and _ mean anything, as in other databases. */
    static final Dialect DIALECT = new Dialect(" ESCAPE ''");

    private static final int READERS = 10;
    private static final int OLDEST = 130_000;
    private static final int CONNECT_SECONDS = 2;
    /** Nobody waits for an answer while a server starts, and a busy machine takes its time. */
    private static final int CONNECT_AT_START_SECONDS = 10;

    private static final long WAIT_FOR_CONNECTION_MILLIS = 3000;
    /** The letters "Modelwar". */
    private static final long LOCK = 0x4D6F64656C776172L;

    private final PostgresUrl url;
    private final String name;

    PostgresDatabase(PostgresUrl url) {
        this.url = url;
        this.name = name();
    }

    /** Names this start of this server to everybody who looks at the connections. At most 63 bytes. */
    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            host = "unknown host";
        }
        return "modelward on " + host.substring(0, Math.min(host.length(), 24)) + ", process "
                + ProcessHandle.current().pid() + " "
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    PostgresUrl url() {
        return url;
    }

    private Properties properties(int connectSeconds, int socketSeconds) {
        Properties properties = new Properties();
        url.options().forEach(properties::setProperty);
        properties.setProperty("user", url.user());
        url.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", String.valueOf(connectSeconds));
        properties.setProperty("loginTimeout", String.valueOf(connectSeconds));
        properties.setProperty("socketTimeout", String.valueOf(socketSeconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        if (url.hosts().size() > 1) {
            properties.setProperty("targetServerType", "primary");
        }
        return properties;
    }

    /**
     * Opens a connection.
     *
     * @param socketSeconds how long an answer may take; 0: any time
     */
    Connection connect(int socketSeconds) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), properties(CONNECT_SECONDS, socketSeconds));
    }

    /** Opens the first connection of a server, whose answers may take any time. */
    Connection connectAtStart() throws SQLException {
        return DriverManager.getConnection(url.jdbc(), properties(CONNECT_AT_START_SECONDS, 0));
    }

    /** A pool of connections that read, each transaction on one snapshot. */
    HikariDataSource readers() {
        HikariConfig config = pool("catalog-reader");
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(WAIT_FOR_CONNECTION_MILLIS);
        config.setValidationTimeout(1000);
        config.setKeepaliveTime(60_000);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        return new HikariDataSource(config);
    }

    private HikariConfig pool(String poolName) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(poolName);
        config.setJdbcUrl(url.jdbc());
        config.setDataSourceProperties(properties(CONNECT_SECONDS, 0));
        return config;
    }

    /**
     * Looks whether this server can work with the database and brings its tables up to this release.
     *
     * @param connection one that holds the lock
     * @throws StartRefused with a sentence for the operator
     */
    void prepare(Connection connection) throws SQLException {
        if (Integer.parseInt(ask(connection, "SHOW server_version_num")) < OLDEST) {
            throw refused("is older than PostgreSQL 13. Use 13 or newer");
        }
        if (!ask(connection, "SHOW server_encoding").equals("UTF8")) {
            throw refused("does not keep its text in UTF8. Create the database with ENCODING 'UTF8'");
        }
        HikariConfig config = pool("catalog-migration");
        config.setMaximumPoolSize(2);
        try (HikariDataSource source = new HikariDataSource(config)) {
            CatalogSchema.migrate(
                    source,
                    "postgresql",
                    Map.of(
                            "long",
                            "BIGINT",
                            "double",
                            "DOUBLE PRECISION",
                            "text",
                            "TEXT COLLATE \"C\"",
                            "bytes",
                            "BYTEA",
                            "strict",
                            ""));
        } catch (FlywayException failure) {
            throw unprepared(failure);
        }
    }

    private RuntimeException unprepared(FlywayException failure) {
        return switch (PostgresProblems.state(failure)) {
            case "42501" ->
                refused("does not let the user " + url.user() + " make tables. Grant CREATE on the schema, or make "
                        + url.user() + " the owner of the database");
            case "53100" -> refused("has a full disk. Free space on it");
            case "25006" -> readOnly();
            default ->
                String.valueOf(failure.getMessage()).contains("non-empty schema")
                        ? refused("holds tables of something else. Name an empty database")
                        : failure;
        };
    }

    static String ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return String.valueOf(answer.getString(1));
        }
    }

    /** Whether the connection leads to a server that takes changes. */
    static boolean isWritable(Connection connection) throws SQLException {
        return ask(connection, "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'")
                .equals("t");
    }

    /**
     * Takes the right to write, for as long as the connection lives.
     *
     * @return who has the right; empty: this connection
     */
    Optional<String> lock(Connection connection) throws SQLException {
        if (ask(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")").equals("t")) {
            return Optional.empty();
        }
        String holders = "SELECT a.application_name, a.pid, coalesce(host(a.client_addr), 'this machine'),"
                + " to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                + " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                + " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ? AND l.objid = ? AND l.objsubid = 1"
                + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        try (PreparedStatement statement = connection.prepareStatement(holders)) {
            statement.setLong(1, LOCK >>> 32);
            statement.setLong(2, LOCK & 0xFFFF_FFFFL);
            try (ResultSet holder = statement.executeQuery()) {
                if (!holder.next()) {
                    return Optional.of("one that is just ending");
                }
                if (name.equals(holder.getString(1))) {
                    // A connection of this very server that was cut, which the database has not noticed yet.
                    ask(connection, "SELECT pg_terminate_backend(" + holder.getInt(2) + ")");
                    return Optional.of("an earlier connection of this server");
                }
                String words = String.valueOf(holder.getString(1)).replaceAll(" [0-9a-f]{8}$", "");
                return Optional.of(words + ", from " + holder.getString(3) + ", since " + holder.getString(4));
            }
        }
    }

    StartRefused readOnly() {
        return refused("takes no changes: it is a standby or set to read-only. Name the primary");
    }

    StartRefused refused(String what) {
        return new StartRefused("The database " + url.words() + " " + what + ".");
    }

    /** Why the database could not be opened, for the operator. */
    RuntimeException unopened(SQLException failure) {
        String user = url.user();
        return switch (String.valueOf(failure.getSQLState())) {
            case "28P01" ->
                refused("refuses the password of the user " + user
                        + ". Correct catalog.password, PGPASSWORD or the file that PGPASSFILE names");
            case "28000" ->
                refused("does not let the user " + user + " in. Look at its pg_hba.conf and at the option sslmode");
            case "08004" ->
                refused("does not let the user " + user + " in (" + firstLine(failure)
                        + "). Set catalog.password, PGPASSWORD or PGPASSFILE, or correct the option sslmode");
            case "3D000" -> refused("does not exist. Create it: createdb --owner " + user + " " + url.database());
            case "53300" -> refused("has no free connection. Raise its max_connections, or close other connections");
            case "57P03" -> refused("is starting or stopping. Try again in a moment");
            case "25006" -> readOnly();
            default -> refused("does not answer (" + firstLine(failure) + "). Start it, or correct catalog.url");
        };
    }

    private static String firstLine(SQLException failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        if (last instanceof UnknownHostException) {
            return "the name of its host is not known";
        }
        String message = String.valueOf(last.getMessage()).strip();
        return message.lines().findFirst().orElse("no reason given").replaceAll("\\.$", "");
    }
}
