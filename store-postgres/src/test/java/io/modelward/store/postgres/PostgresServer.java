package io.modelward.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server of a test, on a free port of this machine. PostgreSQL does not run as root, so that it runs
 * as the user {@code postgres} then.
 */
public final class PostgresServer implements AutoCloseable {

    /** Debian's. */
    public static final String OLDER = "15";
    /** From the binaries on the class path. */
    public static final String NEWER = "18";

    public static final String USER = "keeper";
    public static final String PASSWORD = "a:b\\c";

    private static final Map<String, PostgresServer> SHARED = new java.util.HashMap<>();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Path binaries;
    private final Path home;
    private final int port;
    private Process process;

    private PostgresServer(Path binaries, Path home, int port) {
        this.binaries = binaries;
        this.home = home;
        this.port = port;
    }

    /** The one of this version that all tests of the process share. It keeps nothing safely, so that tests are fast. */
    public static synchronized PostgresServer shared(String version) {
        return SHARED.computeIfAbsent(version, wanted -> start(wanted, false));
    }

    /**
     * Starts a server of its own.
     *
     * @param durable whether what is committed survives a crash of the server
     */
    public static PostgresServer start(String version, boolean durable) {
        try {
            Path memory = Path.of("/dev/shm");
            Path home = Files.createTempDirectory(
                    Files.isWritable(memory) ? memory : Path.of("/tmp"), "modelward-postgresql-");
            Path binaries = version.equals(OLDER) ? debian() : unpacked(home);
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            PostgresServer server = new PostgresServer(binaries, home, port);
            server.initialise(durable);
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Path debian() {
        Path found = Path.of("/usr/lib/postgresql/15/bin");
        if (!Files.isExecutable(found.resolve("initdb"))) {
            throw new IllegalStateException("The tests need PostgreSQL 15 (Debian: apt install postgresql-15).");
        }
        return found;
    }

    private static Path unpacked(Path home) throws IOException {
        Path archive = home.resolve("postgresql.txz");
        try (InputStream in = PostgresServer.class.getResourceAsStream("/postgres-linux-x86_64.txz")) {
            Files.copy(java.util.Objects.requireNonNull(in, "no binaries of PostgreSQL"), archive);
        }
        Path place = Files.createDirectory(home.resolve("postgresql"));
        run(List.of("tar", "-xJf", archive.toString(), "-C", place.toString()));
        Files.delete(archive);
        return place.resolve("bin");
    }

    private void initialise(boolean durable) throws IOException {
        Path password = home.resolve("password");
        Files.writeString(password, PASSWORD);
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", home.toString()));
        }
        run(asUser(List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync")));
        Files.writeString(data().resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = '%s'
                max_connections = 200
                shared_buffers = 64MB
                fsync = %s
                full_page_writes = %s
                """.formatted(
                        port, home, durable ? "on" : "off", durable ? "on" : "off"));
    }

    private Path data() {
        return home.resolve("data");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> asUser(List<String> command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Starts the server again after it was stopped, and waits until it takes connections. */
    public void start() {
        try {
            process = new ProcessBuilder(
                            asUser(List.of(binaries.resolve("postgres").toString(), "-D", data().toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                    .start();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (true) {
                try (Connection _ = connect("postgres")) {
                    return;
                } catch (SQLException notYet) {
                    if (System.nanoTime() > end || !process.isAlive()) {
                        throw new IllegalStateException(Files.readString(home.resolve("log")), notYet);
                    }
                    TimeUnit.MILLISECONDS.sleep(30);
                }
            }
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Stops the server at once: nothing is finished, and every connection is cut. */
    public void stopAtOnce() {
        signal("QUIT", process.pid());
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Stops the server and its processes where they are: connections stay open and nobody answers. */
    public void freeze() {
        // The first process makes the others. Once it stands still, no other can come that was not seen.
        signal("STOP", process.pid());
        process.toHandle().descendants().forEach(one -> signal("STOP", one.pid()));
    }

    public void thaw() {
        Stream.concat(process.toHandle().descendants(), Stream.of(process.toHandle()))
                .forEach(one -> signal("CONT", one.pid()));
    }

    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public int port() {
        return port;
    }

    /** Where a database is, with user and password. */
    public String url(String database) {
        return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + database;
    }

    /** Opens a connection beside those of the product. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
    }

    /** Makes an empty database. */
    public String create() {
        return create(Optional.empty());
    }

    /** Makes a database that is a copy of another, to which nobody is connected. */
    public String create(Optional<String> template) {
        String name = "test" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name
                + template.map(other -> " TEMPLATE " + other).orElse(""));
        return name;
    }

    /** Runs a statement in the database of maintenance. */
    public void execute(String sql) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stopAtOnce();
        }
        try (Stream<Path> all = Files.walk(home)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            // The folder lies where temporary files do.
        }
    }
}
