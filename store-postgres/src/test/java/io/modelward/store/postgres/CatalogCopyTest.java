package io.modelward.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogCopy;
import io.modelward.store.catalog.RawTables;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row of a catalog in SQLite is the same in PostgreSQL after a copy. */
@Tag("process")
class CatalogCopyTest {

    private static final PostgresServer SERVER = PostgresServer.shared(PostgresServer.OLDER);
    private static final int ROWS = 700;

    @TempDir
    Path directory;

    private Catalog source;
    private Catalog target;
    private final List<String> steps = new ArrayList<>();

    @BeforeEach
    void open() {
        source = SqliteCatalog.open(directory.resolve("catalog"), Failpoints.NONE);
        target = Databases.open(SERVER, Databases.fresh(SERVER));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private List<CatalogCopy.Difference> copy() {
        steps.clear();
        return new CatalogCopy(source, target, (step, table, done, all) -> steps.add(step + " " + table + " " + done))
                .run();
    }

    private static void fill(Catalog catalog, int rows) {
        catalog.write(tx -> {
            // References are not what is tried here: rows of every table are made up.
            ((SqlTransaction) tx).handle().execute("PRAGMA defer_foreign_keys = 1");
            SplittableRandom random = new SplittableRandom(7);
            RawTables raw = tx.rawTables();
            for (RawTables.Table table : raw.tables()) {
                List<List<Object>> made = new ArrayList<>();
                List<List<Object>> before = raw.rows(table, List.of(), 1);
                if (!before.isEmpty()
                        || !List.of("metrics", "blobs", "params", "audit", "evidence_keys", "artifacts")
                                .contains(table.name())) {
                    continue;
                }
                for (int i = 0; i < rows; i++) {
                    int n = i;
                    List<Object> row = new ArrayList<>();
                    table.columns().forEach(column -> row.add(value(table.name(), column, n, random)));
                    made.add(row);
                }
                raw.put(table, made);
            }
            ((SqlTransaction) tx)
                    .handle()
                    .execute("INSERT INTO runs VALUES ('r', 0, 'n', 'u', 'RUNNING', 1, NULL, 'a', 1, NULL),"
                            + " ('s', 0, 'n', 'u', 'FINISHED', 1, 2, 'a', 0, 3), ('t', 0, 'n', 'u',"
                            + " 'RUNNING', 1, NULL, 'a', 0, 4)");
            ((SqlTransaction) tx).handle().execute("UPDATE experiments SET name = 'renamed' WHERE id = 0");
            return true;
        });
    }

    private static Object value(String table, String column, int n, SplittableRandom random) {
        return switch (column) {
            case "run", "rollout" -> "r";
            case "row_hash", "chain" -> n % 3 == 1 ? null : new byte[] {(byte) n, (byte) random.nextInt()};
            case "keys" -> new byte[] {(byte) n, (byte) random.nextInt()};
            case "value" ->
                table.equals("metrics")
                        ? List.of(0.1, -1e300, Double.POSITIVE_INFINITY, (double) n, Double.MIN_VALUE)
                                .get(n % 5)
                        : text(n);
            case "key", "sha256", "path" -> text(n) + n;
            case "sequence", "tick", "step", "timestamp" -> (long) n - 3;
            case "size", "created_at" -> Long.MAX_VALUE - n;
            case "since", "at", "is_nan", "verified" -> (long) (n % 2);
            default -> text(n);
        };
    }

    private static String text(int n) {
        return List.of("", "plain", "ä ö", "Z", "a", "𝒳 clef", "line\nbreak", "'quoted' \\ \"twice\"", "\u007f")
                .get(n % 9);
    }

    @Test
    void every_row_is_the_same_after_the_copy_and_the_order_of_keys_too() {
        fill(source, ROWS);
        assertThat(copy()).isEmpty();
        assertThat(steps).contains("copied metrics 500", "compared metrics " + ROWS, "compared params " + ROWS);
        for (RawTables.Table table :
                source.<List<RawTables.Table>>read(tx -> tx.rawTables().tables())) {
            List<List<Object>> rows = source.read(tx -> tx.rawTables().rows(table, List.of(), 2 * ROWS));
            List<List<Object>> others = target.read(tx -> tx.rawTables().rows(table, List.of(), 2 * ROWS));
            assertThat(others).as(table.name()).hasSameSizeAs(rows);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(Arrays.deepEquals(
                                rows.get(i).toArray(), others.get(i).toArray()))
                        .as(table.name() + " " + rows.get(i) + " is " + others.get(i))
                        .isTrue();
            }
        }
    }

    @Test
    void a_copy_that_was_interrupted_goes_on_and_what_others_changed_meanwhile_is_put_right() {
        fill(source, ROWS);
        CatalogCopy interrupted = new CatalogCopy(source, target, (step, table, done, all) -> {
            if (table.equals("params")) {
                throw new IllegalStateException("interrupted");
            }
        });
        assertThatThrownBy(interrupted::run).hasMessage("interrupted");
        target.write(tx -> ((SqlTransaction) tx).handle().execute("UPDATE blobs SET size = 1"));
        assertThat(copy()).isEmpty();
        assertThat(copy()).isEmpty();
    }

    @Test
    void rows_that_the_source_has_no_more_are_gone_after_the_next_copy() {
        fill(source, ROWS);
        assertThat(copy()).isEmpty();
        source.write(tx -> ((SqlTransaction) tx).handle().execute("DELETE FROM params WHERE key < 'b'"));
        target.write(tx -> tx.models().insert(ModelName.parse("other"), "", Instant.EPOCH));
        assertThat(copy()).isEmpty();
        assertThat(steps).contains("copied metrics " + ROWS);
        assertThat(target.<Integer>read(tx -> tx.models().list("", 10).size())).isZero();
    }

    @Test
    void a_text_that_the_target_cannot_keep_is_told_with_its_row() {
        source.write(tx -> tx.models().insert(ModelName.parse("iris"), "a\u0000b", Instant.EPOCH));
        assertThatThrownBy(this::copy)
                .hasMessageContaining("[1] of the table models")
                .hasMessageContaining("U+0000");
    }

    @Test
    void every_table_of_both_databases_is_copied_but_for_those_that_are_of_one_of_them() {
        TreeSet<String> copied = new TreeSet<>();
        source.<List<RawTables.Table>>read(tx -> tx.rawTables().tables()).forEach(table -> copied.add(table.name()));
        TreeSet<String> sqlite = new TreeSet<>(source.<List<String>>read(tx -> ((SqlTransaction) tx)
                .handle()
                .createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                .mapTo(String.class)
                .list()));
        TreeSet<String> postgres = new TreeSet<>(target.<List<String>>read(tx -> ((SqlTransaction) tx)
                .handle()
                .createQuery("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
                .mapTo(String.class)
                .list()));
        sqlite.removeAll(List.of("flyway_schema_history", "registry"));
        postgres.removeAll(List.of("flyway_schema_history", "last_commit", "registry"));
        assertThat(copied).isEqualTo(sqlite).isEqualTo(postgres);
    }
}
