package io.modelward.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each reason why a server cannot start on a database is a sentence for the operator. */
@Tag("process")
class PostgresStartTest {

    private static final PostgresServer SERVER = PostgresServer.shared(PostgresServer.OLDER);

    @TempDir
    Path directory;

    private static Catalog open(String url, Optional<String> password, Map<String, String> environment) {
        return new PostgresCatalogProvider()
                .open(
                        new CatalogSettings(Path.of("/nowhere"), Optional.of(url), password, environment),
                        Failpoints.NONE);
    }

    private static Catalog open(String url) {
        return open(url, Optional.of(PostgresServer.PASSWORD), Map.of());
    }

    private static void refused(String url, String... words) {
        assertThatThrownBy(() -> open(url).close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining(PostgresServer.PASSWORD);
    }

    private static void execute(String database, String... statements) throws Exception {
        try (Connection connection = SERVER.connect(database);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    @Test
    void a_wrong_password_is_told_without_the_password() {
        assertThatThrownBy(() -> open(SERVER.url("postgres"), Optional.of("a-secret"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll("refuses the password", PostgresServer.USER, "catalog.password")
                .hasMessageNotContaining("a-secret");
    }

    @Test
    void a_missing_password_is_told() {
        assertThatThrownBy(() -> open(
                        SERVER.url("postgres"),
                        Optional.empty(),
                        Map.of(
                                "PGPASSFILE",
                                Files.createFile(directory.resolve("empty")).toString())))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll("no password was provided", "PGPASSFILE");
    }

    @Test
    void a_database_that_does_not_exist_is_told_with_the_command_that_makes_it() {
        refused(SERVER.url("nosuch"), "does not exist", "createdb --owner " + PostgresServer.USER + " nosuch");
    }

    @Test
    void a_server_that_does_not_answer_is_told() {
        refused("postgresql://keeper@127.0.0.1:1/iris", "127.0.0.1:1/iris", "does not answer", "catalog.url");
    }

    @Test
    void a_database_of_a_newer_release_is_refused() throws Exception {
        String database = Databases.fresh(SERVER);
        execute(
                database,
                "INSERT INTO flyway_schema_history SELECT 99, '99', 'from the future', type, 'V99.sql', 1,"
                        + " installed_by, installed_on, 1, true FROM flyway_schema_history LIMIT 1");
        refused(SERVER.url(database), "newer release");
    }

    @Test
    void a_database_with_tables_of_something_else_is_refused() throws Exception {
        String database = SERVER.create();
        execute(database, "CREATE TABLE orders (id BIGINT)");
        refused(SERVER.url(database), "tables of something else");
    }

    @Test
    void a_read_only_database_is_refused() throws Exception {
        String database = Databases.fresh(SERVER);
        SERVER.execute("ALTER DATABASE " + database + " SET default_transaction_read_only = on");
        refused(SERVER.url(database), "takes no changes", "primary");
    }

    @Test
    void a_user_who_may_not_make_tables_is_refused() throws Exception {
        String database = SERVER.create();
        SERVER.execute("DROP ROLE IF EXISTS reader");
        SERVER.execute("CREATE ROLE reader LOGIN PASSWORD 'x'");
        assertThatThrownBy(() -> open(
                        "postgresql://reader@127.0.0.1:" + SERVER.port() + "/" + database, Optional.of("x"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll("does not let the user reader make tables", "Grant CREATE");
    }

    @Test
    void a_database_with_another_encoding_is_refused() {
        SERVER.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        refused(SERVER.url("latin"), "UTF8");
    }

    @Test
    void a_second_server_is_refused_and_the_first_is_named_until_it_ends() {
        String database = Databases.fresh(SERVER);
        try (Catalog first = Databases.open(SERVER, database)) {
            refused(
                    SERVER.url(database),
                    "is used by another server: modelward on ",
                    "process " + ProcessHandle.current().pid(),
                    "since 20");
            assertThat(first.<Integer>write(tx -> 1)).isEqualTo(1);
        }
        Databases.open(SERVER, database).close();
    }

    @Test
    void the_password_comes_from_the_url_the_environment_or_a_file() throws Exception {
        String database = Databases.fresh(SERVER);
        String url = SERVER.url(database);
        open(url.replace("@", ":a%3Ab%5Cc@"), Optional.empty(), Map.of()).close();
        open(url, Optional.empty(), Map.of("PGPASSWORD", PostgresServer.PASSWORD))
                .close();
        Path file = directory.resolve("pgpass");
        Files.writeString(
                file,
                "# comment\n127.0.0.1:1:*:*:wrong\n127.0.0.1:" + SERVER.port() + ":*:" + PostgresServer.USER
                        + ":a\\:b\\\\c\n");
        open(url, Optional.empty(), Map.of("PGPASSFILE", file.toString())).close();
    }

    @Test
    void a_url_that_is_malformed_is_told_and_never_shows_its_password() {
        for (String url : new String[] {
            "postgresql:/x",
            "postgresql://keeper:a-secret@/x",
            "postgresql://keeper:a-secret@127.0.0.1:99999/x",
            "postgresql://keeper:a-secret@127.0.0.1",
            "postgresql://keeper:a-secret@127.0.0.1/x/y",
            "postgresql://keeper:a-secret@127.0.0.1/x?sslmode=perhaps",
            "postgresql://keeper:a-secret@127.0.0.1/x?socketTimeout=5",
            "postgresql://127.0.0.1/x",
            "postgresql://keeper:a-secret@127.0.0.1/x y"
        }) {
            assertThatThrownBy(() -> open(url, Optional.empty(), Map.of()).close())
                    .as(url)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("catalog.url")
                    .hasMessageNotContaining("a-secret");
        }
    }

    @Test
    void an_encrypted_connection_is_demanded_by_sslmode() {
        refused(SERVER.url("postgres") + "?sslmode=require", "SSL");
    }
}
