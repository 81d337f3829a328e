package io.modelward.runtime.python;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.ScriptEnvironments;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.host.WorkerInspector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs models saved with joblib or pickle, in an environment that they share, and models in MLflow's format and in the
 * own formats of XGBoost and LightGBM, in their own; each version in a Python process of its own.
 */
public final class PythonRuntime implements ModelRuntime {

    static final RuntimeKind KIND = new RuntimeKind((byte) 1, "python-worker");

    private static final int LOCKS_KEPT = 1000;

    private final RuntimeHost host;
    private final Environments environments;
    private final PythonLoader loader;
    private final WorkerInspector inspector;
    /** By the digest of a version. */
    private final Map<Digest, Optional<EnvironmentLock>> locks = new ConcurrentHashMap<>();

    /** Its Python environment is prepared in the background when there is none yet. */
    public PythonRuntime(RuntimeHost host, PythonSettings settings) {
        this.host = host;
        this.environments = new Environments(settings, host.sandbox());
        PythonPrograms programs = new PythonPrograms(host.sandbox());
        this.loader = new PythonLoader(host, environments, programs);
        this.inspector =
                new WorkerInspector(host, "model-inspector", 1, new InspectionWorkers(host, environments, programs));
    }

    @Override
    public RunningModel start(ModelSource source) {
        LoadPlan.requireArtifact(source);
        return host.models().start(source, loader);
    }

    @Override
    public JsonNode describe() {
        ObjectNode status = Json.object();
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

    /** Read once from a version's files, which never change: people look at a version often. */
    private Optional<EnvironmentLock> lock(ModelSource source) throws IOException {
        Optional<EnvironmentLock> known = locks.get(source.digest());
        if (known == null) {
            SharedEnvironment shared = environments.sharedEnvironment();
            known = LoadPlan.lock(source, shared);
            if (locks.size() >= LOCKS_KEPT) {
                locks.clear();
            }
            if (!shared.releases().isEmpty()) {
                locks.put(source.digest(), known);
            }
        }
        return known;
    }

    @Override
    public EnvironmentInfo environment(ModelSource source) {
        try {
            return lock(source).map(environments::info).orElseGet(environments::sharedInfo);
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
            return lock(source).map(environments::releases).orElseGet(environments::sharedReleases);
        } catch (ProblemException | IOException | UncheckedIOException unknown) {
            return Map.of();
        }
    }

    @Override
    public Optional<ScriptEnvironments> scripts() {
        return Optional.of(new ScriptEnvironments() {
            @Override
            public CompletableFuture<Prepared> prepare(List<String> requirements) {
                PythonEnvironment environment = requirements.isEmpty()
                        ? environments.shared()
                        : environments.of(EnvironmentLock.script(taken(requirements)));
                return environment.interpreter().thenApplyAsync(PythonRuntime::prepared);
            }

            @Override
            public void check(List<String> requirements) {
                var _ = taken(requirements);
            }
        });
    }

    private static List<Requirement> taken(List<String> requirements) {
        return Requirements.parse(requirements).takenOrRefused("requirements");
    }

    private static ScriptEnvironments.Prepared prepared(Path python) {
        List<String> packages = Interpreter.installed(python).entrySet().stream()
                .map(entry -> entry.getKey() + "==" + entry.getValue())
                .sorted()
                .toList();
        return new ScriptEnvironments.Prepared(python, packages);
    }

    @Override
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return inspector.inspect(source, limit);
    }

    @Override
    public void close() {
        inspector.close();
        environments.close();
    }
}
