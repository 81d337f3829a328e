package io.modelward.core.format;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.mlflow.MlModel;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The {@code MLmodel} file that MLflow needs beside a model which was saved without it. It is shown with the version's
 * files, and is none of them.
 */
public final class NativeMlModel {

    /** The folder of the code that loads what MLflow cannot load itself. */
    public static final String CODE = "modelward_code";

    /** The module in it. */
    public static final String LOADER = "modelward_pyfunc";

    private NativeMlModel() {}

    /** Whether the loader's code is needed beside it. */
    public static boolean needsCode(String text) {
        return text.contains("loader_module: " + LOADER);
    }

    /** The file's text; empty when there is one already, or MLflow could not load such files. */
    public static Optional<String> of(ModelFormats formats, List<FileEntry> files, Instant published) {
        ReadableFiles named = ReadableFiles.named(files);
        return named.has(MlModel.FILE)
                ? Optional.empty()
                : formats.of(named).flatMap(ModelFormats.Detected::flavors).map(flavors -> text(flavors, published));
    }

    private static String text(String flavors, Instant published) {
        return "flavors:\n" + flavors + "utc_time_created: '"
                + LocalDateTime.ofInstant(published, ZoneOffset.UTC).toString().replace('T', ' ') + "'\n";
    }

    /** A YAML text in single quotes. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
