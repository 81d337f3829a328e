package io.modelward.core.evidence;

import java.util.OptionalLong;

/** A limit and the evidence against it. Once it is broken it stays so, whatever comes later. Not for use by several threads at once. */
public final class LimitProcess {

    private final Limit limit;
    private final EProcess evidence;
    private long ticks;
    private OptionalLong crossedAt = OptionalLong.empty();

    /** @param prior the active arm's rate before the rollout, 0 to 1 */
    public LimitProcess(Limit limit, double prior) {
        this.limit = limit;
        this.evidence = new EProcess(limit.margin(), prior);
    }

    public void add(Tick tick) {
        evidence.add(tick);
        ticks++;
        if (crossedAt.isEmpty() && Verdict.of(evidence, limit) == Verdict.HARM) {
            crossedAt = OptionalLong.of(ticks);
        }
    }

    public Verdict verdict() {
        return crossedAt.isPresent() ? Verdict.HARM : Verdict.UNDECIDED;
    }

    /** The number of the tick, from 1, after which the limit was first seen broken. */
    public OptionalLong crossedAt() {
        return crossedAt;
    }

    public Limit limit() {
        return limit;
    }

    /** What was counted; to be read, not added to. */
    public EProcess evidence() {
        return evidence;
    }
}
