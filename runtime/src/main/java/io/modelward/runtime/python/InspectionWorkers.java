package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.mlflow.MlModel;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.host.WorkerInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/** Starts workers that inspect models: in the model's own environment when that is there, else in the shared one. */
final class InspectionWorkers implements WorkerInspector.Starter {

    private final RuntimeHost host;
    private final Environments environments;
    private final PythonPrograms programs;

    InspectionWorkers(RuntimeHost host, Environments environments, PythonPrograms programs) {
        this.host = host;
        this.environments = environments;
        this.programs = programs;
    }

    @Override
    public Optional<WorkerInspector.Started> start(ModelSource source, long deadline)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        LoadPlan plan = LoadPlan.of(source, environments.sharedEnvironment());
        boolean own =
                plan.lock().isPresent() && environments.info(plan.lock().get()).state() == EnvironmentInfo.State.READY;
        ObjectNode head = (ObjectNode) Json.parse(plan.head(), "head");
        boolean mlflow = source.has(MlModel.FILE);
        if (plan.lock().isPresent() && !own && brings(source)) {
            // Built from now on; when it is soon there, the model is inspected, and it is there when the version
            // starts.
            environments.of(plan.lock().get()).interpreter().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            own = true;
        }
        if (plan.lock().isPresent() && !own && !mlflow && !plan.sharedMayDo()) {
            return Optional.empty();
        }
        if (plan.lock().isPresent() && !own && mlflow) {
            Optional<ObjectNode> plain = withoutMlflow(MlflowFiles.read(source).model(), head);
            if (plain.isEmpty()) {
                return Optional.empty();
            }
            head = plain.get();
        }
        PythonEnvironment environment = own ? environments.of(plan.lock().orElseThrow()) : environments.shared();
        Path python = environment.interpreter().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        return Optional.of(new WorkerInspector.Started(
                host.launcher().start(programs.worker(python), source.reference(), source::copyTo), Json.write(head)));
    }

    /** Whether only an environment of its own loads the model. */
    private static boolean brings(ModelSource source) {
        return !LoadPlan.requireArtifact(source).requirements().isEmpty();
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
}
