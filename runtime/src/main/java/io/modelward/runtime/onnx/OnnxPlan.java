package io.modelward.runtime.onnx;

import io.modelward.core.json.Json;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.serving.VersionSample;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The graph to open with its rows for a test, read from the version's files.
 *
 * @param artifact the file of the graph
 * @param head of the LOAD frame
 * @param columns the names of the values of a row that comes as plain numbers; empty when they have none
 * @param sample rows to test with
 * @param ownSample whether the sample is the version's; only then a failing test is fatal
 * @param notes warnings of the version
 */
record OnnxPlan(
        ModelSource source,
        String artifact,
        String head,
        List<String> columns,
        Optional<Instances> sample,
        boolean ownSample,
        List<String> notes) {

    static OnnxPlan of(ModelSource source) throws IOException {
        String artifact = OnnxRuntime.artifact(source);
        RowReader reader = RowReader.of(source.signature());
        ObjectNode head = Json.object().put("kind", "onnx").put("artifact", artifact);
        reader.columns().forEach(head.putArray("columns")::add);
        head.set("signature", source.signature().toJson());
        VersionSample sample = VersionSample.of(source, reader);
        return new OnnxPlan(
                source, artifact, Json.write(head), reader.columns(), sample.rows(), sample.own(), sample.notes());
    }

    /**
     * The same with a row of zeros to test with, as the graph itself tells it; nothing changes when the graph tells
     * none.
     */
    OnnxPlan with(JsonNode blank) {
        return blank.isMissingNode()
                ? this
                : new OnnxPlan(
                        source,
                        artifact,
                        head,
                        columns,
                        Optional.of(new Instances.Values(JsonColumn.of(Json.write(blank)))),
                        false,
                        notes);
    }

    /** Starts a child process that has loaded nothing, with the version's files. */
    WorkerProcess startChild(RuntimeHost host, OnnxProgram.Source program) throws IOException {
        return host.launcher().start(program.worker(), source.reference(), this::copyTo);
    }

    /**
     * Copies the version's files, and looks through the graph before anybody opens it.
     *
     * @throws io.modelward.core.problem.ProblemException REFUSED when the graph names a file that is not the version's
     */
    void copyTo(Path directory) throws IOException {
        source.copyTo(directory);
        ExternalData.check(directory.resolve(artifact), source, artifact);
    }
}
