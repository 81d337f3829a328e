package io.modelward.core.mlflow;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.ModelFile;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The {@code MLmodel} file that MLflow needs beside a model which was saved without it. It is shown with the version's files, and is none of them.
 */
public final class NativeMlModel {

    /** The folder of the code that loads what MLflow cannot load itself. */
    public static final String CODE = "modelward_code";

    /** The module in it. */
    public static final String LOADER = "modelward_pyfunc";

    private static final String ONNX = ".onnx";

    private NativeMlModel() {}

    /** Whether the loader's code is needed beside it. */
    public static boolean needsCode(String text) {
        return text.contains("loader_module: " + LOADER);
    }

    /** The file's text; empty when there is one already, or MLflow could not load such files. */
    public static Optional<String> of(List<FileEntry> files, Instant published) {
        List<String> paths = files.stream().map(file -> file.path().value()).toList();
        if (paths.contains(MlModel.FILE)) {
            return Optional.empty();
        }
        Optional<String> pickled = ModelFile.pickled(paths);
        if (pickled.isPresent()) {
            return Optional.of(text(
                    "  python_function:\n    loader_module: " + LOADER + "\n    code: " + CODE + "\n    data: "
                            + quoted(pickled.get()) + "\n",
                    published));
        }
        List<String> graphs = paths.stream().filter(path -> path.endsWith(ONNX)).toList();
        if (graphs.size() != 1) {
            return Optional.empty();
        }
        String graph = quoted(graphs.getFirst());
        return Optional.of(text(
                "  onnx:\n    data: " + graph + "\n    providers:\n    - CPUExecutionProvider\n"
                        + "  python_function:\n    loader_module: mlflow.onnx\n    data: " + graph + "\n",
                published));
    }

    private static String text(String flavors, Instant published) {
        return "flavors:\n" + flavors + "utc_time_created: '"
                + LocalDateTime.ofInstant(published, ZoneOffset.UTC).toString().replace('T', ' ') + "'\n";
    }

    /** A YAML text in single quotes. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
