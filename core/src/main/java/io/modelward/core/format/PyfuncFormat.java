package io.modelward.core.format;

import io.modelward.core.mlflow.MlModel;
import java.util.Optional;

/** A model that MLflow saved, with an {@code MLmodel} file at its root. */
public final class PyfuncFormat implements ModelFormat {

    @Override
    public String name() {
        return "mlflow";
    }

    @Override
    public String files() {
        return "MLflow's MLmodel";
    }

    @Override
    public Optional<String> artifact(ReadableFiles files) {
        return files.has(MlModel.FILE) ? Optional.of(MlModel.FILE) : Optional.empty();
    }

    @Override
    public boolean isInspected(ReadableFiles files) {
        return files.mlModel().flatMap(MlModel::pyfunc).isPresent();
    }
}
