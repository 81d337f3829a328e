package io.modelward.core.manifest;

import java.util.List;
import java.util.Optional;

/** Which of a version's files holds the model. */
public final class ModelFile {

    private static final String USUAL = "model.joblib";
    private static final List<String> PICKLES = List.of(".joblib", ".pkl", ".pickle");

    private ModelFile() {}

    /** The file that Python unpickles: {@code model.joblib}, or the only one with such an ending; none when there are several. */
    public static Optional<String> pickled(List<String> paths) {
        List<String> candidates = paths.stream()
                .filter(path -> !path.startsWith(".modelward/"))
                .filter(path -> PICKLES.stream().anyMatch(path::endsWith))
                .toList();
        if (candidates.contains(USUAL)) {
            return Optional.of(USUAL);
        }
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }
}
