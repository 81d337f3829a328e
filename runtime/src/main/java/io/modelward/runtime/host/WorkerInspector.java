package io.modelward.runtime.host;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.worker.WorkerFrame;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Inspects models in worker processes that serve no endpoint: a few at a time, on threads of their own, each until the
 * limit of its caller.
 */
public final class WorkerInspector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerInspector.class);
    private static final int MOST_FEATURES = 1_000_000;

    private final RuntimeHost host;
    private final Starter starter;
    private final ExecutorService threads;

    /**
     * Makes an inspector.
     *
     * @param name of its threads
     * @param atOnce how many models are inspected at the same time
     */
    public WorkerInspector(RuntimeHost host, String name, int atOnce, Starter starter) {
        this.host = host;
        this.starter = starter;
        this.threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** Starts workers for an inspector. */
    public interface Starter {

        /**
         * Starts a worker.
         *
         * @param deadline by {@link System#nanoTime}, after which nobody waits any more
         * @return empty when the model cannot be inspected
         */
        Optional<Started> start(ModelSource source, long deadline)
                throws IOException, InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * A worker that has loaded nothing.
     *
     * @param head of the frame that loads the model
     */
    public record Started(WorkerProcess process, String head) {}

    /**
     * Inspects a model.
     *
     * @param limit also for the wait behind others
     * @return empty when the model tells nothing in time, or the server stops
     */
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        CompletableFuture<Optional<Inspection>> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                // A caller who has given up needs no process.
                if (!result.isDone()) {
                    result.complete(tried(source, deadline));
                }
            });
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return result.completeOnTimeout(Optional.empty(), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Optional<Inspection> tried(ModelSource source, long deadline) {
        try {
            Optional<Started> started = starter.start(source, deadline);
            return started.isEmpty() ? Optional.empty() : look(source, started.get(), deadline);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException unknown) {
            LOG.info("{} could not be inspected: {}", source.reference(), unknown.getMessage());
        }
        return Optional.empty();
    }

    private Optional<Inspection> look(ModelSource source, Started started, long deadline) throws IOException {
        WorkerProcess process = started.process();
        ScheduledFuture<?> kill = host.after(deadline - System.nanoTime(), () -> process.kill());
        try (process) {
            WorkerFrame loaded = process.exchange(WorkerFrame.Type.LOAD, started.head(), List.of());
            if (loaded.type() != WorkerFrame.Type.LOADED) {
                String why = Json.parse(loaded.head(), "head").path("message").asString("");
                LOG.info("{} could not be inspected: {}", source.reference(), why);
                return Optional.empty();
            }
            return read(Json.parse(
                    process.exchange(WorkerFrame.Type.INSPECT, "{}", List.of()).head(), "head"));
        } finally {
            kill.cancel(false);
        }
    }

    private static Optional<Inspection> read(JsonNode head) {
        Optional<JsonNode> input = Optional.of(head.path("input")).filter(JsonNode::isObject);
        Optional<JsonNode> output = Optional.of(head.path("output")).filter(JsonNode::isObject);
        List<String> names = new ArrayList<>();
        head.path("feature_names").valueStream().forEach(name -> names.add(name.asString("")));
        JsonNode features = head.path("features");
        boolean counted = features.isInt() && features.intValue() >= 0 && features.intValue() <= MOST_FEATURES;
        if (input.isEmpty() && output.isEmpty() && names.isEmpty() && !counted) {
            return Optional.empty();
        }
        Inspection inspection = new Inspection(
                input,
                counted && input.isEmpty() ? OptionalInt.of(features.intValue()) : OptionalInt.empty(),
                names,
                output);
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
