package io.modelward.runtime.python;

import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.mlflow.SavedWith;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Schema;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.serving.VersionSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The load that a worker is told to do, read from the version's files.
 *
 * @param head of the LOAD frame
 * @param sample rows to test with: the version's own, or one of zeros that the signature allows
 * @param ownSample whether the sample is the version's; only then a failing test is fatal
 * @param notes warnings of the version
 * @param savedWith the packages that the version was saved with
 * @param lock of the version's own environment; empty when it runs in the one that all share
 * @param sharedMayDo whether the version may run in the environment that all share when its own cannot be built
 */
record LoadPlan(
        String head,
        Optional<Instances> sample,
        boolean ownSample,
        List<String> notes,
        Map<String, String> savedWith,
        Optional<EnvironmentLock> lock,
        boolean sharedMayDo) {

    private static final ModelFormats FORMATS = ModelFormats.python();
    private static final String CODE = ".modelward/code/";

    /** The load of a version by a Python worker, or REFUSED. */
    static ModelFormats.Detected requireArtifact(ModelSource source) {
        return FORMATS.of(source)
                .orElseThrow(() -> ProblemException.refused(
                        "files", "This version cannot be served: a Python worker needs " + FORMATS.words() + "."));
    }

    /** @param shared the environment that all share */
    static LoadPlan of(ModelSource source, SharedEnvironment shared) throws IOException {
        ModelFormats.Detected detected = requireArtifact(source);
        String artifact = detected.artifact();
        RowReader reader = RowReader.of(source.signature());
        Optional<MlflowFiles> mlflow =
                artifact.equals(MlModel.FILE) ? Optional.of(MlflowFiles.read(source)) : Optional.empty();
        ObjectNode head = Json.object().put("kind", detected.format().name());
        head.put("artifact", artifact);
        ArrayNode code = head.putArray("code");
        if (source.files().stream().anyMatch(file -> file.path().value().startsWith(CODE))) {
            code.add(CODE.substring(0, CODE.length() - 1));
        }
        List<String> columns = reader.columns();
        if (columns.isEmpty()) {
            head.putNull("columns");
        } else {
            columns.forEach(head.putArray("columns")::add);
        }
        ArrayNode numbers = head.putArray("numbers");
        source.signature().input().optionalNumbers().forEach(numbers::add);
        if (source.signature().output().orElse(Schema.ANY) instanceof Schema.Obj output) {
            output.properties().keySet().forEach(head.putArray("output")::add);
        } else {
            head.putNull("output");
        }
        VersionSample sample = VersionSample.of(source, reader);
        head.put("sample", sample.own());
        Map<String, String> savedWith = new TreeMap<>(detected.savedWith(source));
        savedWith.putAll(SavedWith.of(source.document(SavedWith.FILE), mlflow.map(MlflowFiles::model)));
        Optional<PickleNeeds> needs = mlflow.isPresent() ? Optional.empty() : PickleNeeds.of(source, detected, shared);
        return new LoadPlan(
                Json.write(head),
                sample.rows(),
                sample.own(),
                sample.notes(),
                savedWith,
                mlflow.map(MlflowFiles::lock).or(() -> needs.map(PickleNeeds::lock)),
                needs.map(PickleNeeds::sharedMayDo).orElse(false));
    }

    /** The lock of the environment that a version asks for; empty when it runs in the one that all share. */
    static Optional<EnvironmentLock> lock(ModelSource source, SharedEnvironment shared) throws IOException {
        return source.has(MlModel.FILE)
                ? Optional.of(MlflowFiles.read(source).lock())
                : PickleNeeds.of(source, requireArtifact(source), shared).map(PickleNeeds::lock);
    }

    /** The same in the environment that all share. */
    LoadPlan inShared(String why) {
        List<String> more = new ArrayList<>(notes);
        more.add("it runs in the environment that all models share, since its own cannot be built: " + why);
        return new LoadPlan(head, sample, ownSample, more, savedWith, Optional.empty(), false);
    }
}
