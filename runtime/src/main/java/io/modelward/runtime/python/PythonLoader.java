package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.mlflow.SavedWith;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.ServedBy;
import io.modelward.runtime.host.EngineLoad;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.portable.Evaluation;
import io.modelward.runtime.portable.FormStore;
import io.modelward.runtime.sandbox.LimitWords;
import io.modelward.runtime.serving.EngineLoader;
import io.modelward.runtime.serving.SelfTest;
import io.modelward.runtime.worker.WorkerEngine;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings a version into a Python worker: environment, private copy, load, self-test on the sample, warm-up. */
final class PythonLoader implements EngineLoader {

    private static final String LOADED = "loaded with";
    private static final long LOOK_MILLIS = 500;
    private static final Duration SHORTEST_PROOF = Duration.ofSeconds(2);

    private final RuntimeHost host;
    private final Environments environments;
    private final PythonPrograms programs;

    PythonLoader(RuntimeHost host, Environments environments, PythonPrograms programs) {
        this.host = host;
        this.environments = environments;
        this.programs = programs;
    }

    @Override
    public RuntimeKind kind() {
        return PythonRuntime.KIND;
    }

    @Override
    public Loaded load(ModelSource source, int restarts, Progress progress)
            throws IOException, Unloadable, InterruptedException {
        LoadPlan plan;
        WorkerProcess process;
        try {
            plan = LoadPlan.of(source, environments.sharedEnvironment());
            if (plan.sharedMayDo() && hasFailed(plan)) {
                // The build is tried again in the background; nobody waits for another failure.
                plan.lock().ifPresent(environments::of);
                plan = plan.inShared("a build failed before");
            }
            Path python;
            try {
                python = interpreter(plan.lock().map(environments::of).orElseGet(environments::shared), progress);
            } catch (ProblemException unbuildable) {
                if (!plan.sharedMayDo()) {
                    throw unbuildable;
                }
                plan = plan.inShared(unbuildable.problem().detail());
                python = interpreter(environments.shared(), progress);
            }
            process = host.launcher().start(programs.worker(python), source.reference(), source::copyTo);
        } catch (ProblemException problem) {
            throw new Unloadable(problem);
        }
        LoadPlan chosen = plan;
        long began = System.nanoTime();
        return new EngineLoad(host, progress)
                .inWorker(
                        process,
                        new WorkerEngine(process),
                        withLimits(chosen.head()),
                        head -> loadError(head, SavedWith.differences(savedWith(chosen, head), packages(head), LOADED)),
                        (engine, head) ->
                                loaded(source, chosen, restarts, (WorkerEngine) engine, head, progress, began));
    }

    private Optional<Evaluation> evaluation(ModelSource source) {
        return source.evaluate() ? host.evaluation() : Optional.empty();
    }

    /** What a form depends on besides the version's files. */
    private String depends(LoadPlan plan) {
        Map<String, String> releases =
                new TreeMap<>(plan.lock().map(environments::releases).orElseGet(environments::sharedReleases));
        return plan.head() + "\n" + releases + "\n" + PythonPrograms.digest();
    }

    /** A version whose form was proved before needs no worker. */
    @Override
    public Optional<Loaded> loadAtOnce(ModelSource source, Progress progress) throws IOException {
        if (evaluation(source).isEmpty()) {
            return Optional.empty();
        }
        LoadPlan plan = LoadPlan.of(source, environments.sharedEnvironment());
        Optional<Evaluation.Evaluated> found =
                evaluation(source).flatMap(evaluation -> evaluation.kept(source, depends(plan)));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Evaluation.Evaluated evaluated = found.get();
        progress.started(evaluated.engine());
        FormStore.Facts facts = evaluated.facts();
        return Optional.of(new Loaded(
                evaluated.engine(),
                new ModelInfo(
                        ModelInfo.State.READY,
                        "",
                        Evaluation.KIND,
                        facts.modelClass(),
                        facts.packages(),
                        facts.warnings(),
                        true,
                        0,
                        List.of(),
                        evaluated.served())));
    }

    /**
     * The server takes the version over when it can, and ends the worker then. A version that loads in time does not
     * come too late for its proof: that takes a part of what is left of the time.
     */
    private Loaded takeOver(
            ModelSource source, LoadPlan plan, WorkerEngine worker, ModelInfo info, Progress progress, long began)
            throws IOException {
        Optional<Evaluation> evaluation = evaluation(source);
        if (evaluation.isEmpty()) {
            return new Loaded(worker, info.served(kind(), ServedBy.worker("evaluation in the server is off")));
        }
        Duration left = host.loadTimeout().minusNanos(System.nanoTime() - began);
        if (left.compareTo(SHORTEST_PROOF) < 0) {
            return new Loaded(
                    worker, info.served(kind(), ServedBy.worker("its loading left no time to prove its description")));
        }
        Evaluation.Outcome outcome;
        // A worker that does not come to an end with its description is ended, and loads the version once more.
        ScheduledFuture<?> limit = host.after(left.dividedBy(2).toNanos(), worker::kill);
        try {
            outcome = evaluation
                    .get()
                    .tryTo(
                            worker,
                            source,
                            depends(plan),
                            plan.sample(),
                            new FormStore.Facts(info.modelClass(), info.packages(), info.warnings()),
                            left.dividedBy(4));
        } finally {
            limit.cancel(false);
        }
        if (outcome.engine().isEmpty()) {
            return new Loaded(worker, info.served(kind(), outcome.served()));
        }
        worker.close();
        progress.started(outcome.engine().get());
        return new Loaded(outcome.engine().get(), info.served(Evaluation.KIND, outcome.served()));
    }

    private Loaded loaded(
            ModelSource source,
            LoadPlan plan,
            int restarts,
            WorkerEngine engine,
            JsonNode head,
            Progress progress,
            long began)
            throws IOException, Unloadable {
        Map<String, String> packages = packages(head);
        List<String> warnings = new ArrayList<>(SavedWith.differences(savedWith(plan, head), packages, LOADED));
        warnings.addAll(plan.notes());
        head.path("warnings").forEach(warning -> warnings.add(warning.asString("")));
        boolean batchable =
                plan.sample().isEmpty() || SelfTest.run(engine, plan.sample().get(), plan.ownSample(), warnings);
        ModelInfo info = new ModelInfo(
                ModelInfo.State.READY,
                "",
                kind(),
                head.path("model").asString(""),
                packages,
                warnings,
                batchable,
                restarts,
                List.of(),
                ServedBy.worker(""));
        return takeOver(source, plan, engine, info, progress, began);
    }

    private String withLimits(String head) {
        ObjectNode json = (ObjectNode) Json.parse(head, "head");
        json.set("limits", LimitWords.all(host.launcher().limits()));
        return Json.write(json);
    }

    private boolean hasFailed(LoadPlan plan) {
        return plan.lock()
                .filter(lock -> environments.info(lock).state() == EnvironmentInfo.State.FAILED)
                .isPresent();
    }

    /** Waits for the environment; the limit on loading does not run meanwhile. */
    private Path interpreter(PythonEnvironment environment, Progress progress) throws InterruptedException {
        CompletableFuture<Path> interpreter = environment.interpreter();
        try {
            while (!interpreter.isDone()) {
                EnvironmentInfo info = environment.info();
                progress.waits(
                        "it is building the environment for its packages"
                                + (info.state() == EnvironmentInfo.State.WAITING ? ", after another one" : ""),
                        preparing());
                try {
                    interpreter.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillBuilding) {
                    // Look again what it is doing.
                }
            }
            progress.goesOn();
            return interpreter.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ProblemException problem
                    ? problem
                    : Problem.of(ProblemType.UNAVAILABLE, "There is no Python environment for this version.")
                            .exception();
        }
    }

    private static ProblemException preparing() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The Python environment for this version is being built; this happens once per machine."
                                + " Try again in a while.")
                .with("retry_after", 5)
                .exception();
    }

    /** The releases that the version's files name; where they name none, those that the worker found in the model. */
    private static Map<String, String> savedWith(LoadPlan plan, JsonNode head) {
        Map<String, String> saved = new TreeMap<>(plan.savedWith());
        head.path("saved")
                .properties()
                .forEach(entry ->
                        saved.putIfAbsent(entry.getKey(), entry.getValue().asString("")));
        return saved;
    }

    /** The releases come first: they are the most likely cause, and the error of Python often hides it. */
    private static ProblemException loadError(JsonNode head, List<String> differences) {
        String ages = differences.isEmpty() ? "" : "The model was " + String.join("; ", differences) + ". ";
        return Problem.of(
                        ProblemType.REFUSED,
                        ages + "The model cannot be loaded. Python says: "
                                + head.path("error").asString("")
                                + ": "
                                + head.path("message").asString(""))
                .with("error", head.path("error").asString(""))
                .exception();
    }

    private static Map<String, String> packages(JsonNode head) {
        Map<String, String> packages = new TreeMap<>();
        packages.put("python", head.path("python").asString(""));
        head.path("packages")
                .properties()
                .forEach(entry -> packages.put(entry.getKey(), entry.getValue().asString("")));
        return packages;
    }
}
