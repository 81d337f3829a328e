package io.modelward.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The database stops, hangs, or loses an answer, and comes back. */
@Tag("process")
@Isolated
class PostgresAwayTest {

    /**
     * Issued promise: whoever asks while the database is away is answered within this time, and finds it again within
     * this time.
     */
    private static final Duration PROMISED = Duration.ofSeconds(5);

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(PostgresServer.OLDER, true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long insert(Catalog catalog, String name) {
        return catalog.write(tx -> tx.models()
                .insert(ModelName.parse(name), "", Instant.EPOCH)
                .id()
                .value());
    }

    private static int count(Catalog catalog) {
        return catalog.read(tx -> tx.models().list("", 100_000).size());
    }

    /** Runs it and says how long it took, and whether it was refused as it has to be. */
    private static Duration refused(Runnable work) {
        long start = System.nanoTime();
        try {
            work.run();
            throw new AssertionError("the database was there");
        } catch (ProblemException problem) {
            assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(problem.problem().extra()).containsKey("retry_after");
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** How long it takes until writing and reading work again. */
    private static Duration back(Catalog catalog, String name) {
        long start = System.nanoTime();
        while (true) {
            try {
                insert(catalog, name);
                count(catalog);
                return Duration.ofNanos(System.nanoTime() - start);
            } catch (ProblemException still) {
                assertThat(still.problem().type()).isEqualTo(ProblemType.UNAVAILABLE);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void while_the_database_is_stopped_everyone_is_refused_in_time_and_finds_it_again_by_itself() {
        String database = Databases.fresh(server);
        try (Catalog catalog = Databases.open(server, database)) {
            insert(catalog, "before");
            server.stopAtOnce();
            assertThat(refused(() -> insert(catalog, "while"))).isLessThan(PROMISED);
            assertThat(refused(() -> count(catalog))).isLessThan(PROMISED);
            assertThat(refused(() -> insert(catalog, "later"))).isLessThan(Duration.ofSeconds(1));
            server.start();
            assertThat(back(catalog, "after")).isLessThan(PROMISED);
            assertThat(count(catalog)).isEqualTo(2);
        }
    }

    @Test
    void while_the_database_hangs_everyone_is_refused_in_time_and_finds_it_again_by_itself() {
        String database = Databases.fresh(server);
        try (Catalog catalog = Databases.open(server, database)) {
            insert(catalog, "before");
            server.freeze();
            try {
                List<CompletableFuture<Duration>> waiting = new ArrayList<>();
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < 40; i++) {
                        String name = "while" + i;
                        waiting.add(CompletableFuture.supplyAsync(() -> refused(() -> insert(catalog, name)), threads));
                        waiting.add(CompletableFuture.supplyAsync(() -> refused(() -> count(catalog)), threads));
                    }
                }
                waiting.forEach(one -> assertThat(one.join()).isLessThan(PROMISED));
            } finally {
                server.thaw();
            }
            assertThat(back(catalog, "after")).isLessThan(PROMISED);
            // What was being written when the database hung may have been kept; nothing else was.
            assertThat(count(catalog)).isLessThan(2 + 40 + 1);
        }
    }

    @Test
    void a_database_that_is_started_anew_quickly_is_not_noticed_by_those_who_write() throws Exception {
        String database = Databases.fresh(server);
        try (Catalog catalog = Databases.open(server, database);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger kept = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int writer = i;
                writers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; !done.get(); n++) {
                                try {
                                    insert(catalog, "w" + writer + "-" + n);
                                    kept.incrementAndGet();
                                } catch (ProblemException problem) {
                                    assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAVAILABLE);
                                    refused.incrementAndGet();
                                }
                            }
                        },
                        threads));
            }
            for (int i = 0; i < 3; i++) {
                TimeUnit.MILLISECONDS.sleep(300);
                server.stopAtOnce();
                server.start();
            }
            TimeUnit.MILLISECONDS.sleep(300);
            done.set(true);
            writers.forEach(CompletableFuture::join);
            // Everything that was acknowledged is there; of what was refused, each may be there or not.
            assertThat(count(catalog)).isBetween(kept.get(), kept.get() + refused.get());
            assertThat(kept.get()).isGreaterThan(10);
        }
    }

    @Test
    void a_commit_whose_answer_was_lost_is_found_and_not_made_twice() throws Exception {
        String database = Databases.fresh(server);
        try (Proxy proxy = new Proxy(server.port());
                Catalog catalog = new PostgresCatalogProvider()
                        .open(
                                Databases.settings(server.url(database)
                                        .replace(":" + server.port() + "/", ":" + proxy.port() + "/")),
                                io.modelward.store.failpoint.Failpoints.NONE)) {
            for (int round = 0; round < 5; round++) {
                AtomicInteger runs = new AtomicInteger();
                String name = "model" + round;
                Function<CatalogTransaction, Long> unit = tx -> {
                    runs.incrementAndGet();
                    return tx.models()
                            .insert(ModelName.parse(name), "", Instant.EPOCH)
                            .id()
                            .value();
                };
                CountDownLatch lost = proxy.loseNextAnswer();
                assertThat(catalog.write(unit)).isEqualTo(round + 1L);
                assertThat(lost.getCount()).isZero();
                assertThat(runs).hasValue(1);
                assertThat(count(catalog)).isEqualTo(round + 1);
            }
        }
    }

    @Test
    void a_server_that_lost_its_connection_while_another_took_the_lock_is_refused_in_time_and_can_be_closed()
            throws Exception {
        String database = Databases.fresh(server);
        Catalog catalog = Databases.open(server, database);
        try (Connection other = server.connect(database);
                Statement statement = other.createStatement()) {
            insert(catalog, "before");
            AtomicBoolean taken = new AtomicBoolean();
            CompletableFuture<Void> taker = CompletableFuture.runAsync(() -> {
                try {
                    statement.execute("SELECT pg_advisory_lock(" + 0x4D6F64656C776172L + ")");
                    taken.set(true);
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(taken).isFalse();
            try (Connection third = server.connect(database);
                    Statement cut = third.createStatement()) {
                cut.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
            }
            taker.get(10, TimeUnit.SECONDS);
            assertThat(refused(() -> insert(catalog, "while"))).isLessThan(PROMISED);
            assertThat(count(catalog)).isEqualTo(1);
            assertThat(CompletableFuture.runAsync(() -> refused(() -> insert(catalog, "again"))))
                    .succeedsWithin(PROMISED);
            statement.execute("SELECT pg_advisory_unlock_all()");
            assertThat(back(catalog, "after")).isLessThan(PROMISED);
        } finally {
            assertThat(CompletableFuture.runAsync(catalog::close)).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_catalog_can_be_closed_while_its_database_is_away() {
        String database = Databases.fresh(server);
        Catalog catalog = Databases.open(server, database);
        insert(catalog, "before");
        server.stopAtOnce();
        try {
            CompletableFuture<Duration> writer =
                    CompletableFuture.supplyAsync(() -> refused(() -> insert(catalog, "while")));
            assertThat(CompletableFuture.runAsync(catalog::close)).succeedsWithin(Duration.ofSeconds(10));
            assertThat(writer).succeedsWithin(PROMISED);
        } finally {
            server.start();
        }
    }
}
