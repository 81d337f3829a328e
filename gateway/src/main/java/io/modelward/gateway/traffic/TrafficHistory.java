package io.modelward.gateway.traffic;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.gateway.metrics.LatencyCounts;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.metrics.ServingMetrics.Totals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how much each version of each endpoint was asked: for the last hour each ten seconds, for the last day each
 * five minutes. Kept in memory, so a start begins anew. Counting costs a request nothing: a thread looks at the counters
 * from time to time.
 */
public final class TrafficHistory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficHistory.class);

    /** How long one of the fine intervals is. */
    public static final Duration FINE = Duration.ofSeconds(10);
    /** How long one of the coarse intervals is. */
    public static final Duration COARSE = Duration.ofMinutes(5);

    private static final int FINE_KEPT = 360;
    private static final int COARSE_KEPT = 288;
    /**
     * More versions than this are not remembered: the memory is bounded whatever operators do. One that is asked all day
     * takes about 100 KiB.
     */
    private static final int MOST_LINES = 500;

    private final ServingMetrics metrics;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;

    @GuardedBy("this")
    private final Map<Who, Line> lines = new HashMap<>();

    /** What was counted when the counters were looked at last. */
    @GuardedBy("this")
    private Set<Who> before = Set.of();

    public TrafficHistory(ServingMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("traffic-history").daemon().factory());
    }

    /** A version at an endpoint. */
    record Who(String endpoint, String model, String version, String role) {}

    /**
     * What was counted in an interval.
     *
     * @param from when the interval began
     * @param latencies by class
     */
    public record Interval(
            Instant from, Duration length, long requests, long errors, long refused, LatencyClasses latencies) {

        /** Both together, as one interval that begins with this one. */
        public Interval plus(Interval more) {
            return new Interval(
                    from,
                    length.plus(more.length),
                    requests + more.requests,
                    errors + more.errors,
                    refused + more.refused,
                    latencies.plus(more.latencies));
        }

        /** Milliseconds; NaN when there was no request. */
        public double latency(double quantile) {
            return latencies.quantile(quantile);
        }
    }

    /** All intervals of one version, oldest first; intervals without a request are left out. */
    public record Remembered(String model, String version, String role, List<Interval> intervals) {}

    /** The history of one version. */
    private static final class Line {
        private Totals last;
        private final Deque<Interval> fine = new ArrayDeque<>();
        private final Deque<Interval> coarse = new ArrayDeque<>();

        Line(Totals first) {
            this.last = first;
        }

        void add(Totals now, Instant at) {
            // A series that was dropped and came back counts from 0 again.
            Totals before = now.requests() < last.requests() ? empty(now) : last;
            last = now;
            if (now.requests() == before.requests()) {
                return;
            }
            long[] latencies = new long[LatencyCounts.CLASSES];
            for (int i = 0; i < latencies.length; i++) {
                latencies[i] = Math.max(0, now.latencies()[i] - before.latencies()[i]);
            }
            Interval interval = new Interval(
                    at.minus(FINE),
                    FINE,
                    now.requests() - before.requests(),
                    Math.max(0, now.errors() - before.errors()),
                    Math.max(0, now.refused() - before.refused()),
                    LatencyClasses.of(latencies));
            fine.addLast(interval);
            Instant begin = floor(interval.from());
            Interval open = coarse.peekLast();
            if (open != null && open.from().equals(begin)) {
                coarse.removeLast();
                coarse.addLast(new Interval(
                        begin,
                        COARSE,
                        open.requests() + interval.requests(),
                        open.errors() + interval.errors(),
                        open.refused() + interval.refused(),
                        open.plus(interval).latencies()));
            } else {
                coarse.addLast(new Interval(
                        begin,
                        COARSE,
                        interval.requests(),
                        interval.errors(),
                        interval.refused(),
                        interval.latencies()));
            }
        }

        void forget(Instant now) {
            drop(fine, now.minus(FINE.multipliedBy(FINE_KEPT)));
            drop(coarse, now.minus(COARSE.multipliedBy(COARSE_KEPT)));
        }

        private static void drop(Deque<Interval> intervals, Instant before) {
            while (!intervals.isEmpty() && intervals.peekFirst().from().isBefore(before)) {
                intervals.removeFirst();
            }
        }

        private static Instant floor(Instant at) {
            long seconds = COARSE.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
        }
    }

    /** Begins to look at the counters. */
    public void start() {
        Future<?> looking =
                thread.scheduleAtFixedRate(this::lookOrTell, FINE.toMillis(), FINE.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("looks at the counters: {}", looking);
    }

    /** A look that fails is told and does not end the looks. */
    private void lookOrTell() {
        try {
            look();
        } catch (RuntimeException failure) {
            LOG.warn("could not look at the counters of predictions", failure);
        }
    }

    /** Looks at the counters once. */
    synchronized void look() {
        Instant now = clock.instant();
        Set<Who> counted = new HashSet<>();
        for (Totals totals : metrics.totals()) {
            Who who = new Who(totals.endpoint(), totals.model(), totals.version(), totals.role());
            counted.add(who);
            Line line = lines.get(who);
            if (line == null && lines.size() < MOST_LINES) {
                // What was counted before the last look was not asked just now.
                line = new Line(before.contains(who) ? totals : empty(totals));
                lines.put(who, line);
            }
            if (line != null) {
                line.add(totals, now);
            }
        }
        lines.values().forEach(line -> line.forget(now));
        // A series that is still counted keeps its line, which knows the last totals.
        lines.entrySet().removeIf(entry -> entry.getValue().coarse.isEmpty() && !counted.contains(entry.getKey()));
        before = counted;
    }

    /**
     * What is remembered of an endpoint.
     *
     * @param fine the last hour each ten seconds; else the last day each five minutes
     */
    public synchronized List<Remembered> of(String endpoint, boolean fine) {
        List<Remembered> found = new ArrayList<>();
        lines.forEach((who, line) -> {
            List<Interval> intervals = List.copyOf(fine ? line.fine : line.coarse);
            if (who.endpoint().equals(endpoint) && !intervals.isEmpty()) {
                found.add(new Remembered(who.model(), who.version(), who.role(), intervals));
            }
        });
        found.sort(Comparator.comparing(one -> one.intervals().getLast().from(), Comparator.reverseOrder()));
        return found;
    }

    private static Totals empty(Totals of) {
        return new Totals(of.endpoint(), of.model(), of.version(), of.role(), 0, 0, 0, new long[LatencyCounts.CLASSES]);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
