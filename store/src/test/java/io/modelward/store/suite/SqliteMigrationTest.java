package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.RowChecks;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier release wrote is there after its tables were made anew. */
class SqliteMigrationTest {

    private static final Map<String, String> SQLITE =
            Map.of("long", "INTEGER", "double", "REAL", "bytes", "BLOB", "strict", " STRICT");
    private static final String DIGEST = Digest.of(new byte[] {1}).toString();

    @TempDir
    Path directory;

    @Test
    void models_versions_files_aliases_and_drafts_get_their_models_identity() throws Exception {
        Path file = directory.resolve("catalog.sqlite");
        String url = "jdbc:sqlite:" + file;
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/catalog/sqlite")
                .placeholders(SQLITE)
                .target("4")
                .load()
                .migrate();
        try (Connection sql = DriverManager.getConnection(url);
                Statement statement = sql.createStatement()) {
            model(statement, "team/later", 2_000_000, 1);
            model(statement, "default/iris", 1_000_000, 2);
            version(statement, "default/iris", 1, "1.0.0");
            version(statement, "default/iris", 2, "1.1.0");
            version(statement, "team/later", 1, "1.0.0");
            statement.execute("INSERT INTO version_files VALUES ('default/iris', 2, 'a', 7, '" + DIGEST + "')");
            statement.execute("INSERT INTO drafts VALUES ('d1', 'team/later', 1, 2, 'ada', NULL)");
            statement.execute("INSERT INTO draft_files VALUES ('d1', 'b', 8, '" + DIGEST + "')");
            statement.execute("INSERT INTO alias_moves VALUES ('default/iris', 'champion', 1, 1, 5, 'ada', 0, ''),"
                    + " ('default/iris', 'champion', 2, 2, 6, 'ada', 0, ''), ('default/iris', 'gone', 1, 1, 5,"
                    + " 'ada', 0, ''),"
                    + " ('default/iris', 'gone', 2, NULL, 6, 'ada', 0, '')");
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(file, Failpoints.NONE)) {
            catalog.read(tx -> {
                RegisteredModel iris = tx.models().find(ModelName.parse("iris")).orElseThrow();
                assertThat(iris.lastOrdinal()).isEqualTo(2);
                assertThat(iris.active()).isTrue();
                PublishedVersion newer =
                        tx.versions().find(iris.id(), SemVer.parse("1.1.0")).orElseThrow();
                assertThat(newer.summary().model()).isEqualTo(ModelName.parse("iris"));
                assertThat(newer.active()).isTrue();
                assertThat(tx.versions().file(newer.summary().id(), "a")).isPresent();
                assertThat(tx.versions().count(iris.id())).isEqualTo(2);
                assertThat(tx.versionStates().get(newer.summary().id()).stage()).isEqualTo(Stage.NONE);
                assertThat(tx.aliases().list(iris.id())).containsExactly(new ModelAlias("champion", 2));
                assertThat(tx.aliases().history(iris.id(), "champion")).hasSize(2);
                assertThat(tx.models().findColliding(ModelName.parse("ｉriѕ"), ModelId.UNKNOWN))
                        .contains(iris);
                assertThat(tx.models().findColliding(ModelName.parse("Iris"), iris.id()))
                        .isEmpty();
                assertThat(tx.models().findCollidingNamespace("Team.")).contains("team");
                assertThat(tx.models().findCollidingNamespace("team")).isEmpty();
                RegisteredModel later =
                        tx.models().find(ModelName.parse("team/later")).orElseThrow();
                assertThat(later.name()).isEqualTo(ModelName.of("team", "later"));
                assertThat(tx.drafts().find("d1").orElseThrow().model()).isEqualTo(later.id());
                assertThat(tx.drafts().files("d1")).hasSize(1);
                return true;
            });
            catalog.write(tx -> tx.models().insert(ModelName.parse("new"), "", java.time.Instant.EPOCH));
        }
    }

    @Test
    void rows_of_a_release_without_hashes_have_none_and_new_audit_entries_go_on_after_the_old_ones() throws Exception {
        Path file = directory.resolve("catalog.sqlite");
        String url = "jdbc:sqlite:" + file;
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/catalog/sqlite")
                .placeholders(SQLITE)
                .target("6")
                .load()
                .migrate();
        try (Connection sql = DriverManager.getConnection(url);
                Statement statement = sql.createStatement()) {
            statement.execute("INSERT INTO audit VALUES (1, 5, 'ada', 0, 'publish', 'default/iris', '', '{}'),"
                    + " (2, 6, 'ada', 0, 'publish', 'default/iris', '', '{}')");
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(file, Failpoints.NONE)) {
            catalog.write(tx -> {
                tx.audit().append(new Change(Instant.EPOCH, "bob", false, ""), "flip", "endpoint:iris", Json.object());
                return true;
            });
            RowChecks.Slice slice = catalog.read(tx -> tx.rowChecks().check("audit", List.of(), 10));
            assertThat(slice.unhashed()).isEqualTo(2);
            assertThat(slice.damaged()).isEmpty();
            int chained = catalog.write(tx -> tx.rowChecks().chain(2))
                    + catalog.write(tx -> tx.rowChecks().chain(2));
            assertThat(chained).isEqualTo(3);
            RowChecks.ChainSlice chain = catalog.read(tx -> tx.rowChecks().checkChain(Optional.empty(), 3, 10));
            assertThat(chain.damaged()).isEmpty();
            assertThat(chain.end().sequence()).isEqualTo(3);
        }
    }

    private static void model(Statement statement, String name, long at, int ordinal) throws Exception {
        statement.execute("INSERT INTO models VALUES ('" + name + "', '" + name + "', " + at + ", " + ordinal + ")");
    }

    private static void version(Statement statement, String model, int ordinal, String version) throws Exception {
        statement.execute("INSERT INTO versions VALUES ('" + model + "', " + ordinal + ", '" + version + "', '"
                + SemVer.parse(version).sortKey() + "', 0, '" + DIGEST
                + "', '{}', '{}', '{}', '[]', '{}', 'minor', '[]', 1, " + ordinal + ", 'ada', 0, '')");
    }
}
