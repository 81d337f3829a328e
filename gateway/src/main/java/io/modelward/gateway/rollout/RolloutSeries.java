package io.modelward.gateway.rollout;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.ScoredTick;
import java.util.ArrayList;
import java.util.List;

/**
 * How the evidence of a rollout grew: a few hundred points, however many requests there were. The points are those of
 * the kept ticks, judged again in their order, so that the last point says what the rollout decided on. One thread at a
 * time.
 */
public final class RolloutSeries {

    /** At most twice as many points are kept. */
    private static final int POINTS = 200;
    /** The quantile of the normal distribution for a two-sided interval of 95 %. */
    private static final double Z = 1.959964;

    private final LimitMonitor monitor;
    private final List<LimitMonitor.Reading> limits;
    private final Point beginning;
    private List<Point> points = new ArrayList<>();
    private ArmCounts candidate = ArmCounts.NONE;
    private ArmCounts active = ArmCounts.NONE;
    private ArmCounts slowCandidate = ArmCounts.NONE;
    private ArmCounts slowActive = ArmCounts.NONE;
    private long width = 1;
    private long lastTick;

    RolloutSeries(Rollout rollout) {
        this.monitor = new LimitMonitor(rollout.plan(), rollout.progress().errorPrior());
        this.limits = monitor.readings();
        this.beginning = point(0);
    }

    /**
     * A share of requests with the interval that holds the true share with 95 % (Wilson's score interval, E. B. Wilson,
     * JASA 22, 1927).
     *
     * @param share 0 to 1; NaN when there was no request
     */
    public record Share(double low, double share, double high) {

        static Share of(ArmCounts counts) {
            if (counts.requests() == 0) {
                return new Share(Double.NaN, Double.NaN, Double.NaN);
            }
            double n = counts.requests();
            double p = counts.rate();
            double middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
            double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
            return new Share(Math.max(0, middle - half), p, Math.min(1, middle + half));
        }
    }

    /**
     * The state of the evidence after some requests.
     *
     * @param requests to both versions since the rollout began
     * @param errors of the candidate and of the active version
     * @param slow shares of slow requests; not a number while no limit of latency is watched
     * @param logEvidence by limit, in nats, in the order of {@link Series#limits}
     */
    public record Point(
            long requests, Share errors, Share activeErrors, Share slow, Share activeSlow, List<Double> logEvidence) {}

    /**
     * All of it.
     *
     * @param limits as they were at the beginning, for their names and thresholds
     */
    public record Series(List<LimitMonitor.Reading> limits, List<Point> points) {}

    long lastTick() {
        return lastTick;
    }

    void add(ScoredTick tick) {
        monitor.add(tick);
        lastTick = tick.number();
        candidate = candidate.plus(tick.counts(Guardrail.ERRORS, ArmId.CANDIDATE));
        active = active.plus(tick.counts(Guardrail.ERRORS, ArmId.ACTIVE));
        slowCandidate = slowCandidate.plus(tick.counts(Guardrail.LATENCY, ArmId.CANDIDATE));
        slowActive = slowActive.plus(tick.counts(Guardrail.LATENCY, ArmId.ACTIVE));
        long requests = candidate.requests() + active.requests();
        if (points.isEmpty() || requests >= points.getLast().requests() + width) {
            points.add(point(requests));
            if (points.size() > 2 * POINTS) {
                thin();
            }
        }
    }

    /** Every second point goes, but the newest. */
    private void thin() {
        List<Point> fewer = new ArrayList<>();
        for (int i = points.size() - 1; i >= 0; i -= 2) {
            fewer.add(points.get(i));
        }
        points = new ArrayList<>(fewer.reversed());
        width = Math.max(1, points.getLast().requests() / POINTS);
    }

    private Point point(long requests) {
        return new Point(
                requests,
                Share.of(candidate),
                Share.of(active),
                Share.of(slowCandidate),
                Share.of(slowActive),
                monitor.readings().stream()
                        .map(LimitMonitor.Reading::logRestart)
                        .toList());
    }

    /** The points from the beginning up to now, the last of which is the present state; none before the first request. */
    Series series() {
        List<Point> all = new ArrayList<>(points);
        if (!all.isEmpty()) {
            all.addFirst(beginning);
        }
        long requests = candidate.requests() + active.requests();
        if (!all.isEmpty() && all.getLast().requests() < requests) {
            all.add(point(requests));
        }
        return new Series(limits, List.copyOf(all));
    }
}
