package io.modelward.gateway.rollout;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last views of rollouts that ended; they do not change any more. */
final class EndedViews {

    private static final int KEPT = 100;

    private final Map<String, RolloutView> views = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RolloutView> eldest) {
            return size() > KEPT;
        }
    };

    synchronized void add(RolloutView view) {
        views.put(view.row().rollout().id(), view);
    }

    synchronized Optional<RolloutView> find(String id) {
        return Optional.ofNullable(views.get(id));
    }
}
