package io.modelward.gateway;

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
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/**
 * A runtime whose models answer their reference, after a short while, and that notes every use of a model after its
 * end.
 */
final class FakeRuntime implements ModelRuntime {

    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    final Set<String> unloadable = ConcurrentHashMap.newKeySet();
    /** Is told what is started, before it is. */
    volatile Consumer<String> onStart = _ -> {};

    final AtomicInteger running = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

    @Override
    public RunningModel start(ModelSource source) {
        onStart.accept(source.reference());
        running.incrementAndGet();
        return new FakeModel(source);
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
    public void close() {
        timer.shutdownNow();
    }

    private final class FakeModel implements RunningModel {
        private final ModelSource source;
        private final CompletableFuture<ModelInfo> ready = new CompletableFuture<>();
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile boolean closed;

        private FakeModel(ModelSource source) {
            this.source = source;
            timer.schedule(
                    () -> unloadable.contains(source.reference())
                            ? ready.completeExceptionally(ProblemException.refused("files", "Python says no"))
                            : ready.complete(info()),
                    5,
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public CompletableFuture<ModelInfo> ready() {
            return ready;
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.loading(new RuntimeKind((byte) 1, "fake"), "")
                    .in(ready.isCompletedExceptionally() ? ModelInfo.State.FAILED : ModelInfo.State.READY, "");
        }

        @Override
        public CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken) {
            if (ready.isCompletedExceptionally()) {
                return CompletableFuture.failedFuture(
                        Problem.of(ProblemType.UNAVAILABLE, "it is not loaded").exception());
            }
            inFlight.incrementAndGet();
            if (closed) {
                violations.add("asked after its end: " + source.reference());
            }
            CompletableFuture<Predictions> answer = new CompletableFuture<>();
            timer.schedule(
                    () -> {
                        if (closed) {
                            violations.add("ended with a request in flight: " + source.reference());
                        }
                        inFlight.decrementAndGet();
                        answer.complete(new Predictions(
                                List.of(new OutputColumn.Values(
                                        "\"\"", JsonColumn.of("\"" + source.reference() + "\""))),
                                0,
                                1,
                                1));
                    },
                    ThreadLocalRandom.current().nextInt(3000),
                    TimeUnit.MICROSECONDS);
            return answer;
        }

        @Override
        public void close() {
            if (closed) {
                violations.add("ended twice: " + source.reference());
            }
            closed = true;
            running.decrementAndGet();
            if (inFlight.get() > 0) {
                violations.add("ended with " + inFlight.get() + " requests in flight: " + source.reference());
            }
        }
    }
}
