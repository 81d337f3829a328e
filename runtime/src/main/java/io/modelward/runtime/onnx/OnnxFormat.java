package io.modelward.runtime.onnx;

import io.modelward.core.format.ModelFormat;
import io.modelward.core.format.NativeMlModel;
import io.modelward.core.format.PickleFormat;
import io.modelward.core.format.ReadableFiles;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.problem.ProblemException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** An ONNX graph, alone or as {@code mlflow.onnx} saves it. */
final class OnnxFormat implements ModelFormat {

    private static final String FLAVOR = "onnx";
    private static final String USUAL = "model.onnx";
    private static final String ENDING = ".onnx";

    @Override
    public String name() {
        return FLAVOR;
    }

    @Override
    public String files() {
        return "a file model.onnx, or exactly one that ends in .onnx";
    }

    @Override
    public Optional<String> artifact(ReadableFiles files) {
        if (files.has(MlModel.FILE)) {
            // ONNX Runtime chooses its parser by the ending of the file.
            return ofMlflow(files).filter(path -> path.endsWith(ENDING)).filter(files::has);
        }
        List<String> paths = files.paths();
        if (PickleFormat.pickled(paths).isPresent()) {
            return Optional.empty();
        }
        List<String> graphs = paths.stream()
                .filter(path -> path.endsWith(ENDING) && !path.startsWith(".modelward/"))
                .toList();
        if (graphs.contains(USUAL)) {
            return Optional.of(USUAL);
        }
        return graphs.size() == 1 ? Optional.of(graphs.getFirst()) : Optional.empty();
    }

    private static Optional<String> ofMlflow(ReadableFiles files) {
        try {
            return files.mlModel().flatMap(model -> model.data(FLAVOR));
        } catch (ProblemException | UncheckedIOException unreadable) {
            // Whoever loads such a version says what is wrong with the file.
            return Optional.empty();
        }
    }

    /** A graph declares its inputs and outputs. */
    @Override
    public boolean isInspected(ReadableFiles files) {
        return true;
    }

    @Override
    public Optional<String> flavors(String artifact) {
        String graph = NativeMlModel.quoted(artifact);
        return Optional.of("  onnx:\n    data: " + graph + "\n    providers:\n    - CPUExecutionProvider\n"
                + "  python_function:\n    loader_module: mlflow.onnx\n    data: " + graph + "\n");
    }
}
