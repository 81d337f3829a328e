package io.modelward.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What PostgreSQL refuses, and what callers are told. */
@Tag("process")
class PostgresUnitsTest {

    private static final PostgresServer SERVER = PostgresServer.shared(PostgresServer.OLDER);

    private String database;
    private Catalog catalog;

    @BeforeEach
    void open() {
        database = Databases.fresh(SERVER);
        catalog = Databases.open(SERVER, database);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void byHand(String sql) {
        try (Connection connection = SERVER.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private long insert(String name, String description) {
        return catalog.write(tx -> tx.models()
                .insert(ModelName.parse(name), description, Instant.EPOCH)
                .id()
                .value());
    }

    private static void told(ProblemType type, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(type));
    }

    @Test
    void a_unit_that_meets_a_change_made_by_hand_is_run_again_and_nobody_is_told() {
        insert("iris", "old");
        AtomicInteger runs = new AtomicInteger();
        String kept = catalog.write(tx -> {
            var row = tx.models().find(ModelName.parse("iris")).orElseThrow();
            if (runs.incrementAndGet() <= 3) {
                byHand("UPDATE models SET description = 'by hand " + runs.get() + "' WHERE id = 1");
            }
            tx.models().takeOrdinal(row.id(), Instant.EPOCH);
            return row.description();
        });
        assertThat(runs).hasValue(4);
        assertThat(kept).isEqualTo("by hand 3");
        long ordinal = catalog.read(
                tx -> tx.models().find(ModelName.parse("iris")).orElseThrow().lastOrdinal());
        assertThat(ordinal).isEqualTo(1);
    }

    @Test
    void a_full_disk_is_told_and_does_not_end_the_catalog() {
        byHand("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$");
        byHand("CREATE TRIGGER full_disk BEFORE INSERT ON models EXECUTE FUNCTION full_disk()");
        told(ProblemType.STORAGE_FULL, () -> insert("iris", ""));
        byHand("DROP TRIGGER full_disk ON models");
        assertThat(insert("iris", "")).isEqualTo(1);
    }

    @Test
    void a_text_with_the_character_zero_is_the_clients_mistake() {
        told(ProblemType.INVALID, () -> insert("iris", "a\u0000b"));
        assertThat(insert("iris", "")).isEqualTo(1);
    }

    @Test
    void a_unit_that_fails_undoes_nothing_of_those_that_share_its_commit() {
        insert("iris", "");
        assertThatThrownBy(() -> catalog.write(tx -> {
                    tx.models().insert(ModelName.parse("other"), "", Instant.EPOCH);
                    tx.models().insert(ModelName.parse("iris"), "", Instant.EPOCH);
                    return true;
                }))
                .isNotInstanceOf(ProblemException.class);
        assertThat(catalog.<Integer>read(tx -> tx.models().list("", 10).size())).isEqualTo(1);
        assertThat(insert("third", "")).isEqualTo(2);
    }

    @Test
    void a_unit_that_swallows_a_failure_of_its_statement_is_not_taken_for_kept() {
        insert("iris", "");
        assertThatThrownBy(() -> catalog.write(tx -> {
                    try {
                        tx.models().insert(ModelName.parse("iris"), "", Instant.EPOCH);
                    } catch (RuntimeException swallowed) {
                        return 1;
                    }
                    return 2;
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(insert("after", "")).isEqualTo(2);
    }

    @Test
    void a_reading_unit_cannot_write() {
        assertThatThrownBy(() -> catalog.read(tx -> tx.models().insert(ModelName.parse("iris"), "", Instant.EPOCH)))
                .isInstanceOf(RuntimeException.class);
        assertThat(insert("iris", "")).isEqualTo(1);
    }
}
