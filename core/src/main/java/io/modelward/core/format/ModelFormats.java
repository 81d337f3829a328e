package io.modelward.core.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one detector of the format of a version. */
public final class ModelFormats {

    private final List<ModelFormat> formats;

    /** @param formats the first that knows the files counts */
    public ModelFormats(List<ModelFormat> formats) {
        this.formats = List.copyOf(formats);
    }

    /** The formats that Python workers run. */
    public static ModelFormats python() {
        return new ModelFormats(
                List.of(new PyfuncFormat(), new PickleFormat(), BoosterFormat.XGBOOST, BoosterFormat.LIGHTGBM));
    }

    /**
     * A version's model.
     *
     * @param artifact the file that holds the model
     */
    public record Detected(ModelFormat format, String artifact) {

        /** As {@link ModelFormat#savedWith}. */
        public Map<String, String> savedWith(ReadableFiles files) {
            return format.savedWith(files, artifact);
        }

        /** As {@link ModelFormat#requirements}. */
        public List<String> requirements() {
            return format.requirements();
        }

        /** As {@link ModelFormat#isInspected}. */
        public boolean isInspected(ReadableFiles files) {
            return format.isInspected(files);
        }

        /** As {@link ModelFormat#flavors}. */
        public Optional<String> flavors() {
            return format.flavors(artifact);
        }
    }

    /** The model in these files; empty when no runtime here runs their format. */
    public Optional<Detected> of(ReadableFiles files) {
        for (ModelFormat format : formats) {
            Optional<String> artifact = format.artifact(files);
            if (artifact.isPresent()) {
                return Optional.of(new Detected(format, artifact.get()));
            }
        }
        return Optional.empty();
    }

    /** All files that are known, for a caller whose files are of no format. */
    public String words() {
        return formats.stream().map(ModelFormat::files).collect(Collectors.joining("; or "));
    }
}
