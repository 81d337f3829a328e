package io.modelward.gateway.traffic;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.traffic.TrafficHistory.Interval;
import io.modelward.gateway.traffic.TrafficHistory.Remembered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Tells how much an endpoint is asked, and how it answers. */
public final class TrafficService {

    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Access access;
    private final TrafficHistory history;
    private final InstantSource clock;

    public TrafficService(Access access, TrafficHistory history, InstantSource clock) {
        this.access = access;
        this.history = history;
        this.clock = clock;
    }

    /** How far back one looks. */
    public enum Window {
        HOUR,
        DAY
    }

    /**
     * A point in time.
     *
     * @param rate requests per second
     * @param errors the share of requests that failed, 0 to 1
     * @param p50 latency in milliseconds, as the other quantiles
     */
    public record Point(Instant from, long requests, double rate, double errors, double p50, double p95, double p99) {

        static Point of(Interval interval) {
            return new Point(
                    interval.from(),
                    interval.requests(),
                    interval.requests() / (double) interval.length().toSeconds(),
                    interval.requests() == 0 ? 0 : interval.errors() / (double) interval.requests(),
                    interval.latency(0.5),
                    interval.latency(0.95),
                    interval.latency(0.99));
        }
    }

    /** The traffic of one version. */
    public record ArmTraffic(String model, String version, String role, List<Point> points) {}

    /**
     * The traffic of an endpoint over the last hour or day, in which no point stands for a time without a request.
     *
     * @param seconds the length of an interval
     */
    public record Traffic(long seconds, List<ArmTraffic> arms) {}

    /** What an endpoint did, by version. */
    public Traffic of(EndpointName endpoint, Window window) {
        access.require(Action.READ, new Resource.Endpoint(endpoint.value()));
        boolean fine = window == Window.HOUR;
        List<ArmTraffic> arms = new ArrayList<>();
        for (Remembered one : history.of(endpoint.value(), fine)) {
            arms.add(new ArmTraffic(
                    one.model(),
                    one.version(),
                    one.role(),
                    one.intervals().stream().map(Point::of).toList()));
        }
        return new Traffic((fine ? TrafficHistory.FINE : TrafficHistory.COARSE).toSeconds(), List.copyOf(arms));
    }

    /** What a version answered over some time; latencies in milliseconds. */
    public record Served(
            String model, String version, String role, long requests, double errors, double p50, double p99) {}

    /** What each version of an endpoint answered over the last day. */
    public List<Served> day(EndpointName endpoint) {
        access.require(Action.READ, new Resource.Endpoint(endpoint.value()));
        List<Served> all = new ArrayList<>();
        for (Remembered one : history.of(endpoint.value(), false)) {
            Interval sum = one.intervals().stream().reduce(Interval::plus).orElseThrow();
            all.add(new Served(
                    one.model(),
                    one.version(),
                    one.role(),
                    sum.requests(),
                    sum.errors() / (double) Math.max(1, sum.requests()),
                    sum.latency(0.5),
                    sum.latency(0.99)));
        }
        return all;
    }

    /**
     * How much an endpoint was asked in the last minute, all versions together.
     *
     * @param errors the share that failed, 0 to 1
     * @param p50 milliseconds; NaN when there was no request
     */
    public record Recent(long requests, double rate, double errors, double p50, double p99, List<Double> rates) {}

    /** The last minute of an endpoint, with the rate of each minute of the last hour for a small picture. */
    public Recent recent(EndpointName endpoint) {
        access.require(Action.READ, new Resource.Endpoint(endpoint.value()));
        Instant now = clock.instant();
        Interval sum = new Interval(now.minus(RECENT), Duration.ZERO, 0, 0, 0, LatencyClasses.NONE);
        TreeMap<Long, Long> minutes = new TreeMap<>();
        for (Remembered one : history.of(endpoint.value(), true)) {
            for (Interval interval : one.intervals()) {
                minutes.merge(Duration.between(interval.from(), now).toMinutes(), interval.requests(), Long::sum);
                if (!interval.from().isBefore(now.minus(RECENT).minus(TrafficHistory.FINE))) {
                    sum = sum.plus(interval);
                }
            }
        }
        List<Double> rates = new ArrayList<>();
        for (long minute = 59; minute >= 0; minute--) {
            rates.add(minutes.getOrDefault(minute, 0L) / 60.0);
        }
        return new Recent(
                sum.requests(),
                sum.requests() / (double) RECENT.toSeconds(),
                sum.requests() == 0 ? 0 : sum.errors() / (double) sum.requests(),
                sum.latency(0.5),
                sum.latency(0.99),
                List.copyOf(rates));
    }
}
