package io.modelward.gateway.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.rollout.RolloutSeries.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of the rollouts that people look at: each is judged from its first tick once, and then goes on with the
 * ticks that are new.
 */
final class SeriesCache {

    private static final int KEPT = 32;

    @GuardedBy("this")
    private final Map<String, RolloutSeries> series = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RolloutSeries> eldest) {
            return size() > KEPT;
        }
    };

    /** Reads the ticks of a rollout. */
    @FunctionalInterface
    interface Ticks {
        List<ScoredTick> after(long tick);
    }

    Series of(RolloutRecord kept, Ticks ticks) {
        RolloutSeries one;
        synchronized (this) {
            one = series.computeIfAbsent(kept.rollout().id(), _ -> new RolloutSeries(kept.rollout()));
        }
        synchronized (one) {
            for (List<ScoredTick> more = ticks.after(one.lastTick());
                    !more.isEmpty();
                    more = ticks.after(one.lastTick())) {
                more.forEach(one::add);
            }
            return one.series();
        }
    }
}
