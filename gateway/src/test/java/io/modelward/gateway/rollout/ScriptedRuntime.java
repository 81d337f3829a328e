package io.modelward.gateway.rollout;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/**
 * A runtime whose models answer at once, fail, hang or cannot be loaded, as a test says, and that notes every wrong use
 * of a model.
 */
final class ScriptedRuntime implements ModelRuntime {

    /** Per reference: the share of requests that fail. */
    final Map<String, Double> failing = new ConcurrentHashMap<>();

    final Set<String> hanging = ConcurrentHashMap.newKeySet();
    final Set<String> unloadable = ConcurrentHashMap.newKeySet();
    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    /** Models that are loading and wait for {@link #finishLoading}. */
    private final List<ScriptedModel> loading = new ArrayList<>();

    private final List<ScriptedModel> all = new ArrayList<>();
    volatile boolean slowLoads;
    /** Whether a start fails for a reason that nobody foresaw. */
    volatile boolean refusing;

    @Override
    public synchronized RunningModel start(ModelSource source) {
        if (refusing) {
            throw new IllegalStateException("out of process ids");
        }
        ScriptedModel model = new ScriptedModel(source.reference());
        all.add(model);
        if (slowLoads) {
            loading.add(model);
        } else {
            model.load();
        }
        return model;
    }

    synchronized void finishLoading() {
        loading.forEach(ScriptedModel::load);
        loading.clear();
    }

    /** Ends all requests that hang, as their timeout would. */
    synchronized void timeOut() {
        all.forEach(ScriptedModel::timeOut);
    }

    /** The references of models that are not closed. */
    synchronized Set<String> open() {
        Set<String> open = new HashSet<>();
        all.stream().filter(model -> !model.closed).forEach(model -> open.add(model.reference));
        return open;
    }

    @Override
    public EnvironmentInfo environment(ModelSource source) {
        return new EnvironmentInfo("", EnvironmentInfo.State.READY, "");
    }

    @Override
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public JsonNode describe() {
        return Json.object();
    }

    @Override
    public void close() {}

    private final class ScriptedModel implements RunningModel {
        private final String reference;
        private final CompletableFuture<ModelInfo> ready = new CompletableFuture<>();
        private final Queue<CompletableFuture<Predictions>> hung = new ConcurrentLinkedQueue<>();
        private volatile ModelInfo info = ModelInfo.loading(new RuntimeKind((byte) 1, "fake"), "it is loading");
        private volatile boolean closed;

        private ScriptedModel(String reference) {
            this.reference = reference;
        }

        private void load() {
            if (unloadable.contains(reference)) {
                info = info.in(ModelInfo.State.FAILED, "Python says no");
                ready.completeExceptionally(ProblemException.refused("files", "Python says no"));
            } else {
                info = info.in(ModelInfo.State.READY, "");
                ready.complete(info);
            }
        }

        @Override
        public CompletableFuture<ModelInfo> ready() {
            return ready;
        }

        @Override
        public ModelInfo info() {
            return info;
        }

        @Override
        public CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken) {
            if (closed) {
                violations.add("asked after its end: " + reference);
            }
            if (info.state() == ModelInfo.State.LOADING) {
                return ready.thenCompose(loaded -> predict(instances, outputs, taken));
            }
            if (hanging.contains(reference)) {
                CompletableFuture<Predictions> waiting = new CompletableFuture<>();
                hung.add(waiting);
                return waiting;
            }
            if (ThreadLocalRandom.current().nextDouble() < failing.getOrDefault(reference, 0.0)) {
                return CompletableFuture.failedFuture(Problem.of(ProblemType.MODEL_FAILED, "it raised ValueError")
                        .exception());
            }
            return CompletableFuture.completedFuture(new Predictions(
                    List.of(new OutputColumn.Values("\"\"", JsonColumn.of("\"" + reference + "\""))), 0, 1, 1));
        }

        private void timeOut() {
            for (CompletableFuture<Predictions> one = hung.poll(); one != null; one = hung.poll()) {
                one.completeExceptionally(
                        Problem.of(ProblemType.TIMEOUT, "too late").exception());
            }
        }

        @Override
        public void close() {
            if (closed) {
                violations.add("ended twice: " + reference);
            }
            if (!hung.isEmpty()) {
                violations.add("ended with requests in flight: " + reference);
            }
            closed = true;
        }
    }
}
