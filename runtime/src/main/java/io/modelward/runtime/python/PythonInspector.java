package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.worker.Frame;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Inspects models in a worker of their own that serves no endpoint: one at a time, on a thread of its own, each until
 * its limit.
 */
final class PythonInspector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PythonInspector.class);
    private static final int MOST_FEATURES = 1_000_000;

    private final RuntimeHost host;
    private final Environments environments;
    private final PythonPrograms programs;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("model-inspector").factory());

    PythonInspector(RuntimeHost host, Environments environments, PythonPrograms programs) {
        this.host = host;
        this.environments = environments;
        this.programs = programs;
    }

    /** @param limit also for the wait behind others */
    CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        CompletableFuture<Optional<Inspection>> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                result.complete(look(source, deadline));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                result.complete(Optional.empty());
            } catch (IOException | RuntimeException | ExecutionException | TimeoutException unknown) {
                LOG.info("{} could not be inspected: {}", source.reference(), unknown.getMessage());
                result.complete(Optional.empty());
            }
        });
        return result.completeOnTimeout(Optional.empty(), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Optional<Inspection> look(ModelSource source, long deadline)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        LoadPlan plan = LoadPlan.of(source);
        boolean own =
                plan.lock().isPresent() && environments.info(plan.lock().get()).state() == EnvironmentInfo.State.READY;
        ObjectNode head = (ObjectNode) Json.parse(plan.head(), "head");
        if (plan.lock().isPresent() && !own) {
            Optional<ObjectNode> plain = withoutMlflow(MlflowFiles.read(source).model(), head);
            if (plain.isEmpty()) {
                return Optional.empty();
            }
            head = plain.get();
        }
        PythonEnvironment environment = own ? environments.of(plan.lock().orElseThrow()) : environments.shared();
        Path python = environment.interpreter().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        WorkerProcess process = host.launcher().start(programs.worker(python), source.reference(), source::copyTo);
        ScheduledFuture<?> kill = host.after(deadline - System.nanoTime(), () -> process.kill());
        try (process) {
            Frame loaded = process.exchange(Frame.Type.LOAD, Json.write(head), List.of());
            if (loaded.type() != Frame.Type.LOADED) {
                LOG.info(
                        "{} could not be inspected: {}",
                        source.reference(),
                        new String(loaded.head(), StandardCharsets.UTF_8));
                return Optional.empty();
            }
            return read(Json.parse(
                    process.exchange(Frame.Type.INSPECT, "{}", List.of()).head(), "head"));
        } finally {
            kill.cancel(false);
        }
    }

    /** How the shared environment can load the model: as scikit-learn's own reader would. */
    private static Optional<ObjectNode> withoutMlflow(MlModel model, ObjectNode head) {
        Optional<String> path = model.pyfunc().flatMap(MlModel.PyFunc::modelPath);
        if (model.sklearn().isEmpty() || path.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode plain = head.deepCopy();
        plain.put("kind", "pickle").put("artifact", path.get());
        plain.put("predict", model.pyfunc().orElseThrow().predictFn());
        model.pyfunc().orElseThrow().code().forEach(plain.withArray("code")::add);
        model.sklearn().get().trusted().forEach(plain.putArray("trusted")::add);
        return Optional.of(plain);
    }

    private static Optional<Inspection> read(JsonNode head) {
        JsonNode features = head.path("features");
        boolean known = features.isInt() && features.intValue() >= 0 && features.intValue() <= MOST_FEATURES;
        List<String> names = new ArrayList<>();
        head.path("feature_names").valueStream().forEach(name -> names.add(name.asString("")));
        Optional<JsonNode> output = head.path("output").isObject() ? Optional.of(head.get("output")) : Optional.empty();
        if (!known && names.isEmpty() && output.isEmpty()) {
            return Optional.empty();
        }
        Inspection inspection = new Inspection(
                Optional.empty(), known ? OptionalInt.of(features.intValue()) : OptionalInt.empty(), names, output);
        try {
            inspection.signature();
            return Optional.of(inspection);
        } catch (ProblemException contradictory) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
