package io.modelward.gateway.rollout;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The rollouts at work: state, share, and how far the evidence of each limit has come. Renewed when asked for. */
public final class RolloutMetrics {

    private final Supplier<Collection<RolloutView>> views;
    private final MultiGauge states;
    private final MultiGauge shares;
    private final MultiGauge evidence;
    private final MultiGauge thresholds;

    /** @param views those at work */
    public RolloutMetrics(MeterRegistry registry, Supplier<Collection<RolloutView>> views) {
        this.views = views;
        this.states = gauge(registry, "modelward.rollout.state", "1 for the state that a rollout at work is in");
        this.shares = gauge(registry, "modelward.rollout.traffic.ratio", "The candidate's share of requests");
        this.evidence = gauge(
                registry,
                "modelward.rollout.log.evidence",
                "Natural logarithm of the evidence of harm; a limit is crossed at its log threshold");
        this.thresholds = gauge(
                registry,
                "modelward.rollout.log.threshold",
                "Natural logarithm of the evidence at which a limit is crossed");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Brings the series in line with the rollouts that are at work now. */
    public synchronized void refresh() {
        List<MultiGauge.Row<?>> stateRows = new ArrayList<>();
        List<MultiGauge.Row<?>> shareRows = new ArrayList<>();
        List<MultiGauge.Row<?>> evidenceRows = new ArrayList<>();
        List<MultiGauge.Row<?>> thresholdRows = new ArrayList<>();
        for (RolloutView view : views.get()) {
            Rollout rollout = view.rollout();
            Tags tags = Tags.of(
                    "endpoint",
                    rollout.endpoint(),
                    "model",
                    rollout.candidate().model().toString(),
                    "version",
                    rollout.candidate().version().toString());
            RolloutState state = rollout.state();
            stateRows.add(MultiGauge.Row.of(tags.and("state", state.name().toLowerCase(Locale.ROOT)), 1));
            shareRows.add(MultiGauge.Row.of(
                    tags,
                    state.serving() ? rollout.plan().weight(rollout.progress().step()) / 10_000.0 : 0));
            for (LimitMonitor.Reading reading : view.readings()) {
                Tags limit = tags.and(
                        "guardrail", reading.guardrail().label(), "limit", reading.rollback() ? "rollback" : "halt");
                evidenceRows.add(MultiGauge.Row.of(limit, reading.logRestart()));
                thresholdRows.add(MultiGauge.Row.of(limit, reading.limit().logThreshold()));
            }
        }
        states.register(stateRows, true);
        shares.register(shareRows, true);
        evidence.register(evidenceRows, true);
        thresholds.register(thresholdRows, true);
    }
}
