package io.modelward.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditCountersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AuditCounters counters = new AuditCounters(registry);

    private void tell(String action, String state) {
        counters.count(new AuditEntry(
                1,
                new Change(Instant.EPOCH, "ada", false, ""),
                action,
                "subject",
                Json.object().put("state", state)));
    }

    private double runs(String state) {
        return registry.get("modelward.job.runs.ended")
                .tag("state", state)
                .counter()
                .count();
    }

    private double versions(String how) {
        return registry.get("modelward.versions.removed")
                .tag("how", how)
                .counter()
                .count();
    }

    @Test
    void what_the_audit_log_tells_of_runs_and_of_versions_is_counted() {
        tell("job.run.end", "FAILED");
        tell("job.run.end", "FAILED");
        tell("job.run.end", "SUCCEEDED");
        tell("job.run", "FAILED");
        tell("version.delete", "");
        tell("version.purge", "");
        tell("version.purge", "");
        tell("version.undelete", "");
        tell("version.reproduce", "");
        assertThat(runs("FAILED")).isEqualTo(2);
        assertThat(runs("SUCCEEDED")).isEqualTo(1);
        assertThat(runs("LOST")).isZero();
        assertThat(versions("deleted")).isEqualTo(1);
        assertThat(versions("purged")).isEqualTo(2);
        assertThat(versions("undeleted")).isEqualTo(1);
        assertThat(registry.get("modelward.reproductions").counter().count()).isEqualTo(1);
    }
}
