package io.modelward.runtime.python;

import io.modelward.core.mlflow.CondaEnvironment;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The documents of a version that MLflow wrote, beside the model itself. */
record MlflowFiles(MlModel model, Requirements requirements) {

    private static final String REQUIREMENTS = "requirements.txt";

    /**
     * Reads them.
     *
     * @throws ProblemException REFUSED when they cannot be read, or when the model is not for Python
     */
    static MlflowFiles read(ModelSource source) throws IOException {
        MlModel model = source.mlModel()
                .orElseThrow(() -> ProblemException.refused(MlModel.FILE, "The MLmodel file is too large."));
        if (model.pyfunc().isEmpty()) {
            throw ProblemException.refused(
                    MlModel.FILE,
                    "This version cannot be served: its MLmodel file has no flavor python_function, which Python"
                            + " workers load.");
        }
        Optional<byte[]> requirements = source.bytes(REQUIREMENTS);
        Optional<byte[]> conda = source.bytes(CondaEnvironment.FILE);
        List<String> lines = requirements
                .map(content ->
                        new String(content, StandardCharsets.UTF_8).lines().toList())
                .or(() -> conda.map(CondaEnvironment::pip))
                .orElse(List.of());
        return new MlflowFiles(model, Requirements.parse(lines));
    }

    /**
     * The lock of the model's own environment.
     *
     * @throws ProblemException REFUSED, naming the lines that ask for something else than packages of the registry
     */
    EnvironmentLock lock() {
        return EnvironmentLock.mlflow(requirements.takenOrRefused(REQUIREMENTS), model.mlflowVersion());
    }
}
