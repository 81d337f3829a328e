package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs models saved with joblib or pickle, in an environment that they share, and models in MLflow's format, in their own; each version in
 * a Python process of its own.
 */
public final class PythonRuntime implements ModelRuntime {

    private final Isolation isolation;
    private final Environments environments;
    private final WorkerLauncher launcher;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("worker-load-limit").factory());
    private final Deadlines deadlines;
    private final Watchdog watchdog;
    private final WorkerLoader loader;
    private final WorkerInspector inspector;
    private final Set<WorkerModel> models = ConcurrentHashMap.newKeySet();

    private PythonRuntime(RuntimeSettings settings, Isolation isolation) throws IOException {
        this.isolation = isolation;
        this.launcher = new WorkerLauncher(isolation, new WorkerDirectories(), settings.limits());
        this.environments = new Environments(settings, isolation);
        this.deadlines = new Deadlines(settings.requestTimeout());
        this.watchdog = new Watchdog(settings.requestTimeout(), settings.hardTimeout());
        this.loader = new WorkerLoader(environments, launcher, timer, settings.loadTimeout());
        this.inspector = new WorkerInspector(environments, launcher, timer);
    }

    /** Opens the runtime; its Python environment is prepared in the background when there is none yet. */
    public static PythonRuntime open(RuntimeSettings settings) {
        try {
            return new PythonRuntime(settings, Isolation.probe());
        } catch (IOException failure) {
            throw new StartRefused("The directory for workers could not be made: " + failure.getMessage());
        }
    }

    @Override
    public RunningModel start(ModelSource source) {
        LoadPlan.requireArtifact(source);
        WorkerModel model = new WorkerModel(source, loader, watchdog, deadlines, models::remove);
        models.add(model);
        model.begin();
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
        WorkerLimits limits = launcher.limits();
        status.putObject("limits")
                .put("memory", limits.memory())
                .put("disk", limits.disk())
                .put("files", limits.files())
                .put("processes", limits.processes())
                .put("words", isolation.limitsWords());
        status.put("worker_users", isolation.usedUsers());
        EnvironmentInfo shared = environments.sharedInfo();
        status.putObject("environment")
                .put(
                        "state",
                        switch (shared.state()) {
                            case READY -> "ready";
                            case FAILED -> shared.why();
                            default -> "preparing";
                        });
        return status;
    }

    @Override
    public EnvironmentInfo environment(ModelSource source) {
        if (!MlflowFiles.present(source.files())) {
            return LoadPlan.artifact(source.files()).isPresent()
                    ? environments.sharedInfo()
                    : new EnvironmentInfo("", EnvironmentInfo.State.NONE, "no worker runs such files");
        }
        try {
            return environments.info(MlflowFiles.read(source).lock());
        } catch (ProblemException refused) {
            return new EnvironmentInfo(
                    "", EnvironmentInfo.State.FAILED, refused.problem().detail());
        } catch (IOException | UncheckedIOException damaged) {
            return new EnvironmentInfo(
                    "", EnvironmentInfo.State.FAILED, "The version's files cannot be read. Run modelward verify.");
        }
    }

    @Override
    public Map<String, String> releases(ModelSource source) {
        try {
            if (MlflowFiles.present(source.files())) {
                return environments.releases(MlflowFiles.read(source).lock());
            }
            return LoadPlan.artifact(source.files()).isPresent() ? environments.sharedReleases() : Map.of();
        } catch (ProblemException | IOException | UncheckedIOException unknown) {
            return Map.of();
        }
    }

    @Override
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return inspector.inspect(source, limit);
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
            inspector.close();
            environments.close();
            deadlines.close();
            watchdog.close();
            timer.shutdownNow();
            closeIsolation();
        }
    }

    /** Whoever waits for a model that is loading hears that the server stops. */
    @Override
    public void stopLoading() {
        models.stream().filter(model -> !model.ready().isDone()).forEach(WorkerModel::close);
    }

    /** How many models have a thread of their own now. */
    int running() {
        return models.size();
    }

    /** Where workers have their directories. */
    Path workerDirectory() {
        return launcher.directory();
    }

    /** The users that workers may run as; empty when they have none of their own. */
    List<Integer> workerUsers() {
        return isolation.allUsers();
    }

    private void closeIsolation() {
        try {
            isolation.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
