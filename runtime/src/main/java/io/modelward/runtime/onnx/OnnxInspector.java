package io.modelward.runtime.onnx;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.worker.Frame;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Reads the inputs and outputs of graphs, in child processes: two at a time, each until its limit. */
final class OnnxInspector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxInspector.class);
    private static final int MOST_FEATURES = 1_000_000;
    private static final int AT_ONCE = 2;

    private final RuntimeHost host;
    private final OnnxProgram.Source program;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("graph-inspector-", 0).factory());

    OnnxInspector(RuntimeHost host, OnnxProgram.Source program) {
        this.host = host;
        this.program = program;
    }

    /**
     * Inspects a graph.
     *
     * @param limit of the caller's wait, and again of the child process from its beginning
     * @return empty when the graph tells nothing in time, or the server stops
     */
    CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        CompletableFuture<Optional<Inspection>> result = new CompletableFuture<>();
        try {
            threads.execute(() -> inspect(source, limit, result));
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return result.completeOnTimeout(Optional.empty(), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void inspect(ModelSource source, Duration limit, CompletableFuture<Optional<Inspection>> result) {
        if (result.isDone()) {
            // The caller has given up.
            return;
        }
        try {
            result.complete(look(source, limit));
        } catch (IOException | RuntimeException unknown) {
            LOG.info("{} could not be inspected: {}", source.reference(), unknown.getMessage());
            result.complete(Optional.empty());
        }
    }

    private Optional<Inspection> look(ModelSource source, Duration limit) throws IOException {
        OnnxPlan plan = OnnxPlan.of(source);
        WorkerProcess process = host.launcher().start(program.worker(), source.reference(), plan::copyTo);
        ScheduledFuture<?> kill = host.after(limit.toNanos(), () -> process.kill());
        try (process) {
            Frame loaded = process.exchange(Frame.Type.LOAD, plan.head(), List.of());
            if (loaded.type() != Frame.Type.LOADED) {
                JsonNode head = Json.parse(loaded.head(), "head");
                LOG.info(
                        "{} could not be inspected: {}",
                        source.reference(),
                        head.path("message").stringValue(""));
                return Optional.empty();
            }
            return read(Json.parse(
                    process.exchange(Frame.Type.INSPECT, "{}", List.of()).head(), "head"));
        } finally {
            kill.cancel(false);
        }
    }

    private static Optional<Inspection> read(JsonNode head) {
        int features = head.path("features").intValue(-1);
        Optional<JsonNode> input = Optional.of(head.path("input")).filter(JsonNode::isObject);
        Optional<JsonNode> output = Optional.of(head.path("output")).filter(JsonNode::isObject);
        boolean known = features >= 0 && features <= MOST_FEATURES;
        Inspection inspection = new Inspection(
                input, known && input.isEmpty() ? OptionalInt.of(features) : OptionalInt.empty(), List.of(), output);
        try {
            inspection.signature();
            return Optional.of(inspection);
        } catch (ProblemException contradictory) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
