package io.modelward.core.evidence;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A limit and the evidence against it. Once the limit is broken it stays broken, whatever comes later. Not for use by
 * several threads at once.
 */
public final class LimitProcess {

    /**
     * The first sight of the broken limit. All counts are sums up to and with that tick.
     *
     * @param tick the number of the tick
     * @param logEvidence natural logarithm of the e-value, at least {@code -ln(alpha)}
     */
    public record Break(long tick, double logEvidence, ArmCounts candidate, ArmCounts active) {}

    private final Limit limit;
    private final boolean onlyFailures;
    private final EProcess evidence;
    private Optional<Break> firstBreak = Optional.empty();
    private long lastTick;

    private LimitProcess(Limit limit, double prior, boolean onlyFailures) {
        this.limit = limit;
        this.onlyFailures = onlyFailures;
        this.evidence = new EProcess(limit.margin(), prior);
    }

    /** @param prior the active arm's rate before the rollout, 0 to 1 */
    public LimitProcess(Limit limit, double prior) {
        this(limit, prior, false);
    }

    /**
     * The same for a candidate that is blamed only for requests that it failed. Many requests of one arm and none of
     * the other are evidence in themselves, within alpha; but nobody is blamed for requests that nobody saw fail.
     */
    public static LimitProcess ofFailures(Limit limit, double prior) {
        return new LimitProcess(limit, prior, true);
    }

    /** Counts a tick that has the next number, from 1. */
    public void add(Tick tick) {
        add(lastTick + 1, tick);
    }

    /** @param number the number of the tick, above the number of the tick before */
    public void add(long number, Tick tick) {
        lastTick = number;
        evidence.add(tick);
        boolean blamed = !onlyFailures || evidence.candidate().bad() > 0;
        if (firstBreak.isEmpty() && blamed && Verdict.of(evidence, limit) == Verdict.HARM) {
            firstBreak = Optional.of(new Break(number, evidence.logRestart(), evidence.candidate(), evidence.active()));
        }
    }

    public Verdict verdict() {
        return firstBreak.isPresent() ? Verdict.HARM : Verdict.UNDECIDED;
    }

    /** The first sight of the broken limit; empty while the limit holds. */
    public Optional<Break> firstBreak() {
        return firstBreak;
    }

    /** The number of the tick after which the limit was first seen broken. */
    public OptionalLong crossedAt() {
        return firstBreak.stream().mapToLong(Break::tick).findFirst();
    }

    public Limit limit() {
        return limit;
    }

    /** The counts; to be read, not added to. */
    public EProcess evidence() {
        return evidence;
    }
}
