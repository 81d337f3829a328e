package io.modelward.registry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class JournalTest {

    private static final Change CHANGE = new Change(Instant.parse("2026-01-31T12:00:00Z"), "alice", false, "retrained");

    @TempDir
    Path directory;

    private static Optional<String> line(String action, String subject, String detail) {
        AuditEntry entry = new AuditEntry(1, CHANGE, action, subject, (ObjectNode) Json.parse(detail, "detail"));
        return JournalLine.of(entry).map(line -> (line.alarming() ? "! " : "") + line.text());
    }

    @Test
    void a_change_is_told_in_a_sentence() {
        assertThat(line("publish", "default/iris", "{\"version\":\"1.2.0\"}"))
                .contains("alice published default/iris@1.2.0: retrained");
        String moved = "{\"model\":\"default/iris\",\"version\":\"1.2.0\"}";
        assertThat(line("endpoint.create", "endpoint:iris", moved))
                .contains("alice created endpoint iris with default/iris@1.2.0: retrained");
        assertThat(line("endpoint.flip", "endpoint:iris", moved))
                .contains("alice moved endpoint iris to default/iris@1.2.0: retrained");
        assertThat(line("endpoint.rollback", "endpoint:iris", moved))
                .contains("! alice rolled back endpoint iris to default/iris@1.2.0: retrained");
        assertThat(line("endpoint.delete", "endpoint:iris", moved)).contains("alice deleted endpoint iris: retrained");
        assertThat(line("model.rename", "default/iris", "{}"))
                .contains("alice did model.rename on default/iris: retrained");
    }

    @Test
    void a_rollout_is_told_with_its_state_and_its_end_once() {
        String detail =
                "{\"rollout\":\"r-1\",\"model\":\"default/iris\",\"version\":\"1.2.0\",\"state\":\"%s\",\"what\":\"It failed 9 of 10.\"}";
        assertThat(line("rollout.rollback", "endpoint:iris", detail.formatted("ABORTING")))
                .isEmpty();
        assertThat(line("rollout.abort", "endpoint:iris", detail.formatted("ABORTING")))
                .isEmpty();
        assertThat(line("rollout.rolled-back", "endpoint:iris", detail.formatted("ROLLED_BACK")))
                .contains("! rollout r-1 of endpoint iris to default/iris@1.2.0: rolled-back, now ROLLED_BACK."
                        + " It failed 9 of 10.");
        assertThat(line("rollout.begin", "endpoint:iris", detail.formatted("RUNNING")))
                .contains("rollout r-1 of endpoint iris to default/iris@1.2.0: begin, now RUNNING. It failed 9 of 10.");
    }

    @Test
    void each_entry_since_the_start_is_heard_once_and_in_order() throws Exception {
        try (Catalog catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE)) {
            append(catalog, "before");
            List<String> heard = new ArrayList<>();
            Journal journal = new Journal(catalog, entry -> heard.add(entry.action()));
            journal.tell();
            assertThat(heard).isEmpty();
            for (int i = 0; i < 2500; i++) {
                append(catalog, "a" + i);
                if (i % 900 == 0) {
                    journal.tell();
                }
            }
            journal.tell();
            journal.tell();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 2500; i++) {
                expected.add("a" + i);
            }
            assertThat(heard).isEqualTo(expected);
        }
    }

    private static void append(Catalog catalog, String action) {
        catalog.write(tx -> {
            tx.audit().append(CHANGE, action, "s", Json.object());
            return true;
        });
    }
}
