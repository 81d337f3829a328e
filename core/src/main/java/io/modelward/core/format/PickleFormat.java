package io.modelward.core.format;

import io.modelward.core.mlflow.SavedWith;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model that joblib or pickle saved. */
public final class PickleFormat implements ModelFormat {

    private static final String USUAL = "model.joblib";
    private static final List<String> ENDINGS = List.of(".joblib", ".pkl", ".pickle");

    @Override
    public String name() {
        return "pickle";
    }

    @Override
    public String files() {
        return "a file model.joblib, or exactly one that ends in .joblib, .pkl or .pickle";
    }

    @Override
    public Optional<String> artifact(ReadableFiles files) {
        return pickled(files.paths());
    }

    /**
     * The file that Python unpickles: {@code model.joblib}, or the only one with such an ending; none when there are
     * several.
     */
    public static Optional<String> pickled(List<String> paths) {
        List<String> candidates = paths.stream()
                .filter(path -> !path.startsWith(".modelward/"))
                .filter(path -> ENDINGS.stream().anyMatch(path::endsWith))
                .toList();
        if (candidates.contains(USUAL)) {
            return Optional.of(USUAL);
        }
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    /**
     * False: the client that saved a pickle has looked at the model, and wrote its input down.
     */
    @Override
    public boolean isInspected(ReadableFiles files) {
        return false;
    }

    @Override
    public Map<String, String> savedWith(ReadableFiles files, String artifact) {
        return files.beginning(artifact, SavedWith.LOOKED_THROUGH)
                .map(SavedWith::inPickle)
                .orElse(Map.of());
    }

    @Override
    public Optional<String> flavors(String artifact) {
        return Optional.of("  python_function:\n    loader_module: " + NativeMlModel.LOADER + "\n    code: "
                + NativeMlModel.CODE + "\n    data: " + NativeMlModel.quoted(artifact) + "\n");
    }
}
