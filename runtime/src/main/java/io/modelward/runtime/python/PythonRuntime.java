package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs scikit-learn models saved with joblib or pickle, each version in a Python process of its own. */
public final class PythonRuntime implements ModelRuntime {

    private final RuntimeSettings settings;
    private final Isolation isolation;
    private final PythonEnvironment environment;
    private final WorkerLauncher launcher;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("worker-load-limit").factory());
    private final Deadlines deadlines;
    private final Watchdog watchdog;
    private final WorkerLoader loader;
    private final Set<WorkerModel> models = ConcurrentHashMap.newKeySet();

    private PythonRuntime(RuntimeSettings settings, Isolation isolation, PythonEnvironment environment)
            throws IOException {
        this.settings = settings;
        this.isolation = isolation;
        this.environment = environment;
        this.launcher = new WorkerLauncher(isolation, new WorkerDirectories());
        this.deadlines = new Deadlines(settings.requestTimeout());
        this.watchdog = new Watchdog(settings.hardTimeout());
        this.loader = new WorkerLoader(environment, launcher, timer, settings.loadTimeout());
    }

    /** Opens the runtime; its Python environment is prepared in the background when there is none yet. */
    public static PythonRuntime open(RuntimeSettings settings) {
        try {
            return new PythonRuntime(
                    settings,
                    Isolation.probe(),
                    settings.environment()
                            .map(PythonEnvironment::existing)
                            .orElseGet(() -> PythonEnvironment.prepare(settings.python())));
        } catch (IOException failure) {
            throw new StartRefused("The directory for workers could not be made: " + failure.getMessage());
        }
    }

    @Override
    public RunningModel start(ModelSource source) {
        if (LoadPlan.artifact(source.files()).isEmpty()) {
            throw ProblemException.refused(
                    "files",
                    "This version cannot be served: a Python worker needs a file model.joblib, or exactly one that ends in .joblib, .pkl or"
                            + " .pickle.");
        }
        models.removeIf(model -> model.info().state() == io.modelward.runtime.ModelInfo.State.CLOSED);
        WorkerModel model = new WorkerModel(source, loader, watchdog, deadlines, settings);
        models.add(model);
        return model;
    }

    @Override
    public JsonNode describe() {
        ObjectNode status = Json.object();
        status.putObject("isolation")
                .put("level", isolation.level().name())
                .put("own_user", isolation.level().ownUser())
                .put("no_network", isolation.level().noNetwork())
                .put("words", isolation.level().words());
        status.putObject("environment").put("state", environment.state());
        return status;
    }

    @Override
    public void close() {
        models.forEach(WorkerModel::close);
        try {
            for (WorkerModel model : models) {
                model.awaitClosed();
            }
            launcher.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            deadlines.close();
            watchdog.close();
            timer.shutdownNow();
        }
    }
}
