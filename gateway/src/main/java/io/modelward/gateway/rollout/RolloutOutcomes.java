package io.modelward.gateway.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.audit.AuditEntry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts how rollouts ended, since the start of the server. A gauge of a rollout is gone when the rollout is; a counter
 * shows also one that began and ended between two scrapes.
 */
public final class RolloutOutcomes {

    /** By the state that an audit entry names. */
    private static final Map<String, String> OUTCOMES = Map.of(
            "PROMOTED", "promoted",
            "ROLLED_BACK", "rolled-back",
            "LOAD_FAILED", "load-failed",
            "SUPERSEDED", "superseded",
            "CANCELLED", "cancelled");

    private final Map<String, Counter> counters = new TreeMap<>();
    private final Counter started;
    private final Counter held;

    public RolloutOutcomes(MeterRegistry registry) {
        OUTCOMES.values()
                .forEach(outcome -> counters.put(
                        outcome,
                        Counter.builder("modelward.rollouts")
                                .description("Rollouts that ended, by outcome")
                                .tag("outcome", outcome)
                                .register(registry)));
        this.started = Counter.builder("modelward.rollouts.started")
                .description("Rollouts that began")
                .register(registry);
        this.held = Counter.builder("modelward.rollouts.held")
                .description("How often a rollout was held, by a limit or by a person")
                .register(registry);
    }

    /** Counts an entry when it tells of a rollout's beginning, hold or end. */
    public void count(AuditEntry entry) {
        if (!entry.action().startsWith("rollout.")) {
            return;
        }
        String state = entry.detail().path("state").asString("");
        Optional.ofNullable(OUTCOMES.get(state)).map(counters::get).ifPresent(Counter::increment);
        if (state.equals("HELD")) {
            held.increment();
        } else if (entry.action().equals("rollout.start") || entry.action().equals("rollout.dequeue")) {
            started.increment();
        }
    }
}
