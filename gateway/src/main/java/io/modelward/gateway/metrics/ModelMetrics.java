package io.modelward.gateway.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The models in memory: the state of each, its restarts, its requests. They come and go, so their series are renewed
 * when asked for.
 */
public final class ModelMetrics {

    private final MeterRegistry registry;
    private final ModelPool pool;
    private final MultiGauge states;
    private final MultiGauge inFlight;

    @GuardedBy("this")
    private final IdentityHashMap<LoadedModel, Restarts> restarts = new IdentityHashMap<>();

    public ModelMetrics(MeterRegistry registry, ModelPool pool) {
        this.registry = registry;
        this.pool = pool;
        this.states = MultiGauge.builder("modelward.model.state")
                .description("1 for the state that a model in memory is in")
                .register(registry);
        this.inFlight = MultiGauge.builder("modelward.requests.in.flight")
                .description("Predictions that a model in memory has yet to answer")
                .register(registry);
    }

    /** A counter with the labels that it was registered with. */
    private record Restarts(Tags tags, FunctionCounter counter) {}

    /** Brings the series in line with the models that are in memory now. */
    public synchronized void refresh() {
        List<LoadedModel> models = pool.all();
        List<MultiGauge.Row<?>> stateRows = new ArrayList<>();
        List<MultiGauge.Row<?>> inFlightRows = new ArrayList<>();
        for (LoadedModel model : models) {
            String state = model.running().info().state().name().toLowerCase(Locale.ROOT);
            stateRows.add(MultiGauge.Row.of(tags(model).and("state", state), 1));
            inFlightRows.add(MultiGauge.Row.of(tags(model), model.users()));
        }
        states.register(stateRows, true);
        inFlight.register(inFlightRows, true);
        countRestarts(models);
    }

    @GuardedBy("this")
    private void countRestarts(List<LoadedModel> models) {
        Set<LoadedModel> here = Collections.newSetFromMap(new IdentityHashMap<>());
        here.addAll(models);
        // First out, then in: a version that was ended and is loaded anew has the same labels.
        Set<Tags> gone = new HashSet<>();
        restarts.forEach((model, counted) -> {
            if (!here.contains(model) || !tags(model).equals(counted.tags())) {
                gone.add(counted.tags());
            }
        });
        // Of a deleted model and the one that has its name now, both may be here, with the same labels.
        restarts.values().removeIf(counted -> {
            if (gone.contains(counted.tags())) {
                registry.remove(counted.counter());
            }
            return gone.contains(counted.tags());
        });
        for (LoadedModel model : models) {
            restarts.computeIfAbsent(model, this::counted);
        }
    }

    private Restarts counted(LoadedModel added) {
        Tags tags = tags(added);
        return new Restarts(
                tags,
                FunctionCounter.builder("modelward.worker.restarts", added, ModelMetrics::restarts)
                        .description("How often a model's worker process was started again")
                        .tags(tags)
                        .register(registry));
    }

    private static double restarts(LoadedModel model) {
        return model.running().info().restarts();
    }

    private static Tags tags(LoadedModel model) {
        return Tags.of(
                "model",
                model.version().model().toString(),
                "version",
                model.version().version().toString());
    }
}
