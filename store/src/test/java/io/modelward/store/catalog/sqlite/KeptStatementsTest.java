package io.modelward.store.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptStatementsTest {

    private static final String INSERT = "INSERT INTO t VALUES (?, ?)";

    private final Handle handle = Jdbi.open("jdbc:sqlite::memory:");

    @BeforeEach
    void start() {
        KeptStatements.of(handle);
        handle.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)");
    }

    @AfterEach
    void stop() {
        handle.close();
    }

    private long rows() {
        return handle.createQuery("SELECT count(*) FROM t").mapTo(Long.class).one();
    }

    @Test
    void what_failed_on_a_full_disk_works_when_there_is_room_again() {
        handle.execute("PRAGMA max_page_count = 4");
        assertThatThrownBy(() -> handle.execute(INSERT, 1, new byte[1 << 16])).hasMessageContaining("SQLITE_FULL");
        handle.execute("PRAGMA max_page_count = 1000");
        handle.execute(INSERT, 1, new byte[1 << 16]);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void what_broke_a_constraint_works_with_other_values() {
        handle.execute(INSERT, 1, new byte[1]);
        assertThatThrownBy(() -> handle.execute(INSERT, 1, new byte[1])).hasMessageContaining("UNIQUE");
        handle.execute(INSERT, 2, new byte[1]);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void a_statement_is_used_again_and_of_many_the_one_used_last_longest_ago_goes() throws SQLException {
        PreparedStatement first = use("SELECT 0");
        assertThat(use("SELECT 0")).isSameAs(first);
        PreparedStatement second = use("SELECT 1");
        for (int i = 2; i < 200; i++) {
            use("SELECT " + i);
        }
        use("SELECT 0");
        use("SELECT 200");
        use("SELECT 201");
        assertThat(second.isClosed()).isTrue();
        assertThat(use("SELECT 0")).isSameAs(first);
    }

    private PreparedStatement use(String sql) throws SQLException {
        var builder = handle.getStatementBuilder();
        try (var query = handle.createQuery(sql)) {
            StatementContext context = query.getContext();
            PreparedStatement statement = builder.create(handle.getConnection(), sql, context);
            builder.close(handle.getConnection(), sql, statement);
            return statement;
        }
    }
}
