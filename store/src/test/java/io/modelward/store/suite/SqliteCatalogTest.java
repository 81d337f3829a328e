package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.RawTables;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCatalogTest extends CatalogSuite {

    @TempDir
    Path directory;

    @Override
    protected Catalog open() {
        return SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }

    @Test
    void the_catalog_of_a_newer_release_is_refused() throws Exception {
        catalog.close();
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalog.sqlite"))) {
            sql.createStatement()
                    .execute("INSERT INTO flyway_schema_history SELECT 99, '99', 'from the future', type, 'V99.sql', 1,"
                            + " installed_by, installed_on, 1, 1 FROM flyway_schema_history LIMIT 1");
        }
        assertThatThrownBy(this::open).isInstanceOf(StartRefused.class).hasMessageContaining("newer release");
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalog.sqlite"))) {
            sql.createStatement().execute("DELETE FROM flyway_schema_history WHERE version = '99'");
        }
        catalog = open();
    }

    @Test
    void every_table_is_among_those_that_a_move_to_another_database_copies() throws Exception {
        Set<String> copied = catalog.read(tx -> tx.rawTables().tables().stream()
                .map(RawTables.Table::name)
                .collect(Collectors.toCollection(TreeSet::new)));
        Set<String> there = new TreeSet<>();
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalog.sqlite"));
                ResultSet tables =
                        sql.createStatement().executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (tables.next()) {
                there.add(tables.getString(1));
            }
        }
        there.removeAll(Set.of("flyway_schema_history", "registry"));
        assertThat(copied).isEqualTo(there);
    }

    @Test
    void a_full_disk_is_told_and_does_not_end_the_catalog() {
        boolean[] full = {false};
        Failpoints filling = name -> {
            if (full[0] && name.equals("catalog.before-commit")) {
                ScriptedFailpoints.parse(name + "=full").pass(name);
            }
        };
        try (Catalog other = SqliteCatalog.open(directory.resolve("other.sqlite"), filling)) {
            full[0] = true;
            assertThatThrownBy(() -> insert(other, "a"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.STORAGE_FULL));
            assertThat(count(other)).isZero();
            full[0] = false;
            insert(other, "b");
            assertThat(count(other)).isEqualTo(1);
        }
    }

    @Test
    void after_a_commit_that_failed_nothing_is_written_any_more() {
        Failpoints failing = ScriptedFailpoints.parse("catalog.before-commit:2=error");
        try (Catalog other = SqliteCatalog.open(directory.resolve("other.sqlite"), failing)) {
            insert(other, "a");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> insert(other, "b"))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAVAILABLE));
            }
            assertThat(count(other)).isEqualTo(1);
        }
    }

    private static int count(Catalog catalog) {
        return catalog.read(tx -> tx.models().list("", 10).size());
    }

    private static void insert(Catalog catalog, String name) {
        catalog.write(tx -> {
            tx.models().insert(ModelName.parse(name), "", Instant.now());
            return true;
        });
    }
}
