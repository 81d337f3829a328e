package io.modelward.gateway.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What can be seen of rollouts without asking the one who drives them: those at work as of their last tick, and the last {@value #KEPT} that
 * ended, since to judge all their ticks again takes its time.
 */
public final class RolloutBoard {

    private static final int KEPT = 100;

    private final Map<String, RolloutView> atWork = new ConcurrentHashMap<>();

    @GuardedBy("ended")
    private final Map<String, RolloutView> ended = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RolloutView> eldest) {
            return size() > KEPT;
        }
    };

    private final UnaryOperator<RolloutView> naming;

    /** @param naming says a rollout at work under the names that its models have now */
    RolloutBoard(UnaryOperator<RolloutView> naming) {
        this.naming = naming;
    }

    /** One at work under the names of now; one that ended as it was then. */
    public Optional<RolloutView> find(String id) {
        RolloutView view = atWork.get(id);
        if (view != null) {
            return Optional.of(naming.apply(view));
        }
        synchronized (ended) {
            return Optional.ofNullable(ended.get(id));
        }
    }

    /** Those at work. */
    public Collection<RolloutView> atWork() {
        return atWork.values().stream().map(naming).toList();
    }

    void show(RolloutView view) {
        atWork.put(view.kept().rollout().id(), view);
    }

    /** It does not change any more. */
    void keep(RolloutView view) {
        String id = view.kept().rollout().id();
        synchronized (ended) {
            ended.put(id, view);
        }
        atWork.remove(id);
    }

    void remove(String id) {
        atWork.remove(id);
    }
}
