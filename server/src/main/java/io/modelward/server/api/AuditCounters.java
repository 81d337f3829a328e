package io.modelward.server.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.job.JobRunState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts what the audit log tells of jobs and of the ends of versions, since the start of the server. */
public final class AuditCounters {

    private static final Map<String, String> REMOVALS =
            Map.of("version.delete", "deleted", "version.undelete", "undeleted", "version.purge", "purged");

    private final Map<JobRunState, Counter> runs = new EnumMap<>(JobRunState.class);
    private final Map<String, Counter> versions;
    private final Counter reproductions;

    public AuditCounters(MeterRegistry registry) {
        for (JobRunState state : JobRunState.values()) {
            // A run that never began has no entry: its row says so.
            if (state.ended() && state != JobRunState.SKIPPED) {
                runs.put(
                        state,
                        Counter.builder("modelward.job.runs.ended")
                                .description("Runs of training jobs that ended, by state")
                                .tag("state", state.name())
                                .register(registry));
            }
        }
        versions = Map.copyOf(REMOVALS.values().stream()
                .collect(Collectors.toMap(
                        how -> how,
                        how -> Counter.builder("modelward.versions.removed")
                                .description("Versions that were deleted, brought back, or gave up their files")
                                .tag("how", how)
                                .register(registry))));
        reproductions = Counter.builder("modelward.reproductions")
                .description("How often a version was to be made once more")
                .register(registry);
    }

    /** Counts an entry when it tells of one of these. */
    public void count(AuditEntry entry) {
        if (entry.action().equals("job.run.end")) {
            String state = entry.detail().path("state").asString("");
            runs.forEach((known, counter) -> {
                if (known.name().equals(state)) {
                    counter.increment();
                }
            });
        } else if (entry.action().equals("version.reproduce")) {
            reproductions.increment();
        } else {
            Optional.ofNullable(REMOVALS.get(entry.action())).map(versions::get).ifPresent(Counter::increment);
        }
    }
}
