package io.modelward.store.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.RowChecks;
import io.modelward.store.catalog.sql.CatalogSchema;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This release opens the catalog that the release before made, and everything is as it was. */
class CatalogUpgradeTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final Change CHANGE = new Change(TIME, "ada", true, "because");
    private static final ModelName IRIS = ModelName.parse("iris");
    private static final Digest BLOB = Digest.of(new byte[] {1});

    @TempDir
    Path directory;

    private void fill(CatalogTransaction tx) {
        tx.registryName().insert("one");
        tx.models().insert(IRIS, "of flowers", TIME);
        tx.blobs().store(BLOB, 1, TIME);
        tx.routes().insertEndpoint("iris", TIME);
        for (int i = 1; i <= 3; i++) {
            tx.routes()
                    .insertRevision(
                            RouteRevision.read("iris", i, "flip", "[]", "{}", i == 1, Optional.empty(), CHANGE));
            tx.audit().append(CHANGE, "endpoint.flip", "iris", Json.object().put("revision", i));
        }
        tx.rowChecks().chain(10);
    }

    @Test
    void what_the_release_before_wrote_is_read_and_goes_on() {
        Path file = directory.resolve("catalog.sqlite");
        // The tables of version 11 are those of the release before.
        Flyway.configure(CatalogSchema.class.getClassLoader())
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:db/catalog/sqlite", "classpath:db/catalog/common")
                .placeholders(Map.of(
                        "long", "INTEGER", "double", "REAL", "text", "TEXT", "bytes", "BLOB", "strict", " STRICT"))
                .javaMigrations(new NameSkeletons())
                .target("11")
                .load()
                .migrate();
        List<AuditEntry> before;
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            SqlTransaction tx = new SqlTransaction(handle, SqliteDatabase.DIALECT);
            fill(tx);
            before = tx.audit().list(Long.MAX_VALUE, 10, "");
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(file, Failpoints.NONE)) {
            catalog.read(tx -> {
                assertThat(tx.registryName().find()).contains("one");
                assertThat(tx.models().find(IRIS).orElseThrow().createdAt()).isEqualTo(TIME);
                assertThat(tx.blobs().present("", 10)).hasSize(1);
                assertThat(tx.routes().allRevisions("iris")).hasSize(3);
                assertThat(tx.routes().lastRevisions().values()).containsExactly(3L);
                assertThat(tx.audit().list(Long.MAX_VALUE, 10, "")).isEqualTo(before);
                for (String table : tx.rowChecks().tables()) {
                    RowChecks.Slice slice = tx.rowChecks().check(table, List.of(), 100);
                    assertThat(slice.damaged()).as(table).isEmpty();
                    assertThat(slice.unhashed()).as(table).isZero();
                }
                return true;
            });
            catalog.write(tx -> {
                tx.audit().append(CHANGE, "endpoint.flip", "iris", Json.object());
                return tx.rowChecks().chain(10);
            });
            RowChecks.ChainSlice chain = catalog.read(tx -> tx.rowChecks().checkChain(Optional.empty(), 4, 10));
            assertThat(chain.damaged()).isEmpty();
            assertThat(chain.end().sequence()).isEqualTo(4);
        }
    }
}
