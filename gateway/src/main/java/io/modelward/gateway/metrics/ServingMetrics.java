package io.modelward.gateway.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Counts predictions, for people who watch. Evidence for a rollout is not taken from here: it is counted and kept
 * elsewhere.
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

    @GuardedBy("this")
    private final Map<Key, ArmHandle> arms = new HashMap<>();

    @GuardedBy("this")
    private final Map<Labels, Series> series = new HashMap<>();

    private final Map<Rejection, Counter> rejections = new ConcurrentHashMap<>();

    public ServingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** An arm, whatever the name of its model. */
    private record Key(String endpoint, ModelId model, String version, String role) {}

    private record Labels(String endpoint, String model, String version, String role) {
        Tags tags() {
            return Tags.of("endpoint", endpoint, "model", model, "version", version, "arm", role);
        }
    }

    private record Rejection(String endpoint, int status) {}

    /**
     * The handle for one arm's predictions, always the same until it is forgotten; keep it where the request finds it.
     *
     * @param name tells the model's present name; asked while no {@link #renamed} is under way
     * @param role active, canary or shadow
     */
    public synchronized ArmHandle arm(
            String endpoint, ModelId model, Supplier<ModelName> name, String version, String role) {
        Key key = new Key(endpoint, model, version, role);
        ArmHandle arm = arms.get(key);
        if (arm == null) {
            arm = new ArmHandle(take(labels(key, name.get())));
            arms.put(key, arm);
        }
        return arm;
    }

    /** The series of the model's arms have this name from now on; those of its old name are gone. */
    public synchronized void renamed(ModelId model, ModelName name) {
        for (Map.Entry<Key, ArmHandle> entry : arms.entrySet()) {
            ArmHandle arm = entry.getValue();
            Labels labels = labels(entry.getKey(), name);
            if (entry.getKey().model().equals(model) && !arm.series.labels.equals(labels)) {
                Series old = arm.series;
                arm.series = take(labels);
                leave(old);
            }
        }
    }

    private static Labels labels(Key key, ModelName name) {
        return new Labels(key.endpoint(), name.toString(), key.version(), key.role());
    }

    @GuardedBy("this")
    private Series take(Labels labels) {
        Series taken = series.computeIfAbsent(labels, Series::new);
        taken.users++;
        return taken;
    }

    @GuardedBy("this")
    private void leave(Series left) {
        left.users--;
        if (left.users == 0) {
            series.remove(left.labels);
            for (Meter outcome : left.outcomes) {
                registry.remove(outcome);
            }
            registry.remove(left.latency);
        }
    }

    /** Removes an arm's series. A handle that is still held may be used; its counts are shown nowhere. */
    public synchronized void forget(String endpoint, ModelId model, String version, String role) {
        ArmHandle arm = arms.remove(new Key(endpoint, model, version, role));
        if (arm != null) {
            leave(arm.series);
        }
    }

    /**
     * What one version of one endpoint answered since the server began to count.
     *
     * @param role active or canary
     * @param errors answers with a status of 500 or more
     * @param refused the callers' mistakes, and requests that met too many others
     * @param latencies the requests by class of {@link LatencyCounts}
     */
    public record Totals(
            String endpoint,
            String model,
            String version,
            String role,
            long requests,
            long errors,
            long refused,
            long[] latencies) {}

    /** The totals of all that is counted now. */
    public synchronized List<Totals> totals() {
        return series.values().stream().map(Series::totals).toList();
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
    public static final class ArmHandle {
        private volatile Series series;

        private ArmHandle(Series series) {
            this.series = series;
        }

        /** Counts one admitted prediction. Looks nothing up and allocates nothing. */
        public void record(int status, long latencyNanos) {
            series.count(Outcome.of(status), latencyNanos);
        }

        /** Counts one that another arm answers instead. */
        public void redirected(long latencyNanos) {
            series.count(Outcome.REDIRECTED, latencyNanos);
        }
    }

    /**
     * What is seen under some labels. Two arms may have the same ones: of a model that was deleted, and of a new one
     * that has its name. Removed with the last.
     */
    // Counting looks up by the number, which costs nothing.
    @SuppressWarnings("EnumOrdinal")
    private final class Series {
        private final Labels labels;
        private final Counter[] outcomes = new Counter[Outcome.values().length];
        private final Timer latency;
        private final LatencyCounts latencies = new LatencyCounts();

        /** Guarded by the metrics, which the compiler's check cannot see from outside of this class. */
        private int users;

        private Series(Labels labels) {
            this.labels = labels;
            for (Outcome outcome : Outcome.values()) {
                outcomes[outcome.ordinal()] = Counter.builder("modelward.predictions")
                        .description("Admitted predictions")
                        .tags(labels.tags().and("outcome", outcome.label()))
                        .register(registry);
            }
            latency = Timer.builder("modelward.prediction")
                    .description("From a prediction's arrival to its decision record")
                    .tags(labels.tags())
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }

        private void count(Outcome outcome, long latencyNanos) {
            outcomes[outcome.ordinal()].increment();
            latency.record(latencyNanos, TimeUnit.NANOSECONDS);
            latencies.add(latencyNanos);
        }

        private Totals totals() {
            long[] counts = Arrays.stream(outcomes)
                    .mapToLong(outcome -> (long) outcome.count())
                    .toArray();
            long redirected = counts[Outcome.REDIRECTED.ordinal()];
            return new Totals(
                    labels.endpoint(),
                    labels.model(),
                    labels.version(),
                    labels.role(),
                    Arrays.stream(counts).sum() - redirected,
                    counts[Outcome.ERROR.ordinal()],
                    counts[Outcome.CLIENT_ERROR.ordinal()] + counts[Outcome.OVERLOADED.ordinal()],
                    latencies.now());
        }
    }

    /** How an admitted prediction ended, as far as its HTTP status tells. */
    private enum Outcome {
        OK,
        /** The caller's mistake; not evidence against a version. */
        CLIENT_ERROR,
        ERROR,
        OVERLOADED,
        /**
         * A candidate's traffic was taken away while it computed; the active version answered, and counts the request
         * too.
         */
        REDIRECTED;

        private static final int TOO_MANY_REQUESTS = 429;

        private final String label = name().toLowerCase(Locale.ROOT);

        static Outcome of(int status) {
            if (status < 400) {
                return OK;
            }
            if (status == TOO_MANY_REQUESTS) {
                return OVERLOADED;
            }
            return status < 500 ? CLIENT_ERROR : ERROR;
        }

        /** The value of the label {@code outcome}. */
        String label() {
            return label;
        }
    }
}
