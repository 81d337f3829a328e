package io.modelward.store.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How units and the catalog end when something else ended first. */
class CatalogEndsTest {

    private static final int ROUNDS = 60;

    @TempDir
    Path directory;

    private SqliteCatalog open(String name) {
        return SqliteCatalog.open(directory.resolve(name), Failpoints.NONE);
    }

    @Test
    void a_unit_is_told_its_own_failure_also_when_the_transaction_has_ended_before() {
        try (SqliteCatalog catalog = open("catalog")) {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> catalog.read(tx -> {
                            ((SqlTransaction) tx).handle().execute("ROLLBACK");
                            throw new IllegalStateException("the disk failed");
                        }))
                        .hasMessage("the disk failed");
                assertThatThrownBy(() -> catalog.write(tx -> {
                            ((SqlTransaction) tx).handle().execute("ROLLBACK");
                            throw new IllegalStateException("the disk failed");
                        }))
                        .hasMessage("the disk failed");
            }
            catalog.write(tx -> tx.models().insert(ModelName.parse("a"), "", Instant.EPOCH));
            boolean there =
                    catalog.read(tx -> tx.models().find(ModelName.parse("a")).isPresent());
            assertThat(there).isTrue();
        }
    }

    @Test
    void everyone_who_writes_while_the_catalog_is_closed_is_answered() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                SqliteCatalog catalog = open("catalog");
                List<CompletableFuture<String>> writers = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    writers.add(CompletableFuture.supplyAsync(() -> write(catalog), threads));
                }
                TimeUnit.MICROSECONDS.sleep(round * 50L);
                catalog.close();
                for (CompletableFuture<String> writer : writers) {
                    assertThat(writer.get(20, TimeUnit.SECONDS)).isEqualTo("The server is stopping.");
                }
            }
        }
    }

    /** Writes until it is refused. */
    private static String write(SqliteCatalog catalog) {
        while (true) {
            try {
                catalog.write(tx -> true);
            } catch (ProblemException refused) {
                return refused.problem().detail();
            }
        }
    }
}
