package io.modelward.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts predictions, for people who watch. Evidence for a rollout is not taken from here: it is counted and kept elsewhere.
 *
 * <p>Labels hold only what operators named, never what a caller sent: else any caller could make series without end.
 */
public final class ServingMetrics {

    /** Stands for every endpoint that does not exist. */
    public static final String NO_ENDPOINT = "";

    /** Upper bounds, written in microseconds: from what a small model takes to the request timeout. */
    private static final Duration[] BUCKETS = Arrays.stream(new long[] {
                1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 2_500_000, 10_000_000
            })
            .mapToObj(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Key, Arm> arms = new ConcurrentHashMap<>();
    private final Map<Rejection, Counter> rejections = new ConcurrentHashMap<>();

    public ServingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Key(String endpoint, String model, String version, String role) {
        Tags tags() {
            return Tags.of("endpoint", endpoint, "model", model, "version", version, "arm", role);
        }
    }

    private record Rejection(String endpoint, int status) {}

    /**
     * The handle for one arm's predictions, always the same until it is forgotten; keep it where the request finds it.
     *
     * @param model {@code namespace/name}
     * @param role active, canary or shadow
     */
    public Arm arm(String endpoint, String model, String version, String role) {
        return arms.computeIfAbsent(new Key(endpoint, model, version, role), Arm::new);
    }

    /** Removes an arm's series. Who still holds its handle may use it; that is seen by nobody. */
    public void forget(String endpoint, String model, String version, String role) {
        // Removed within the map's own step, so that an arm that comes back at the same time does not lose its new
        // series.
        arms.computeIfPresent(new Key(endpoint, model, version, role), (key, arm) -> {
            arm.remove();
            return null;
        });
    }

    /**
     * Counts a request that was not admitted.
     *
     * @param endpoint one that exists, else {@link #NO_ENDPOINT}
     * @param status the HTTP status of its answer
     */
    public void rejected(String endpoint, int status) {
        rejections
                .computeIfAbsent(new Rejection(endpoint, status), this::rejection)
                .increment();
    }

    private Counter rejection(Rejection rejection) {
        return Counter.builder("modelward.predictions.rejected")
                .description("Requests that were not admitted: no such endpoint, or against its contract")
                .tag("endpoint", rejection.endpoint())
                .tag("status", Integer.toString(rejection.status()))
                .register(registry);
    }

    /** One arm's counters. */
    public final class Arm {
        private final Counter[] outcomes = new Counter[Outcome.values().length];
        private final Timer latency;

        private Arm(Key key) {
            for (Outcome outcome : Outcome.values()) {
                outcomes[outcome.ordinal()] = Counter.builder("modelward.predictions")
                        .description("Admitted predictions")
                        .tags(key.tags().and("outcome", outcome.label()))
                        .register(registry);
            }
            latency = Timer.builder("modelward.prediction")
                    .description("From a prediction's arrival to its decision record")
                    .tags(key.tags())
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }

        /** Counts one admitted prediction. Looks nothing up and allocates nothing. */
        public void record(int status, long latencyNanos) {
            outcomes[Outcome.of(status).ordinal()].increment();
            latency.record(latencyNanos, TimeUnit.NANOSECONDS);
        }

        /** Counts one that another arm answers instead. */
        public void redirected(long latencyNanos) {
            outcomes[Outcome.REDIRECTED.ordinal()].increment();
            latency.record(latencyNanos, TimeUnit.NANOSECONDS);
        }

        private void remove() {
            for (Meter outcome : outcomes) {
                registry.remove(outcome);
            }
            registry.remove(latency);
        }
    }
}
