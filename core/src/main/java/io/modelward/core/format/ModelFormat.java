package io.modelward.core.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of model: how its files are known, and what the server does with such a version. A runtime names the formats
 * that it runs. Other code asks {@link ModelFormats} for the format of a version, and does not look at file names.
 */
public interface ModelFormat {

    /** The format's name, such as {@code pickle}. */
    String name();

    /**
     * The files of this format, in words for a caller whose files have no format: a phrase such as
     * {@code a file model.joblib}.
     */
    String files();

    /** The file that holds the model, as a path within the version; empty when the files are not of this format. */
    Optional<String> artifact(ReadableFiles files);

    /**
     * Whether a version without a description of input and output is loaded once while it is published, to learn them.
     */
    boolean isInspected(ReadableFiles files);

    /** The releases of the packages that the model was saved with, by name, as far as the model's own file tells. */
    default Map<String, String> savedWith(ReadableFiles files, String artifact) {
        return Map.of();
    }

    /**
     * The packages, as for pip, that load the model where the version's own files name none; empty when all workers
     * have them.
     */
    default List<String> requirements() {
        return List.of();
    }

    /**
     * How MLflow's clients load such a version, as the lines below {@code flavors:} of an {@code MLmodel} file; empty
     * when they cannot, or when the version has such a file.
     */
    default Optional<String> flavors(String artifact) {
        return Optional.empty();
    }
}
