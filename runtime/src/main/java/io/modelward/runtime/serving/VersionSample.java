package io.modelward.runtime.serving;

import io.modelward.core.json.Json;
import io.modelward.core.mlflow.InputExample;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Rows to test a version with: those that were saved with the version, by our clients or as MLflow's input example;
 * else a row of zeros that the signature allows.
 *
 * @param rows empty when the version has none and nothing is known of its rows
 * @param own whether they are the version's
 * @param notes warnings of the version
 */
public record VersionSample(Optional<Instances> rows, boolean own, List<String> notes) {

    private static final String FILE = ".modelward/sample.json";

    /**
     * Samples are read one after the other: one may be a large tree while it is read, and many models start at once.
     */
    public static synchronized VersionSample of(ModelSource source, RowReader reader) throws IOException {
        List<String> notes = new ArrayList<>();
        List<JsonNode> rows = rows(source, notes);
        return rows.isEmpty()
                ? new VersionSample(reader.blank(source.signature()), false, notes)
                : new VersionSample(Optional.of(reader.read(rows)), true, notes);
    }

    /** The rows that were saved with the version, as they were saved; none when it has none. */
    public static synchronized List<JsonNode> rowsOf(ModelSource source) throws IOException {
        return rows(source, new ArrayList<>());
    }

    private static List<JsonNode> rows(ModelSource source, List<String> notes) throws IOException {
        JsonNode instances = source.document(FILE)
                .map(document -> document.path("instances"))
                .orElseGet(Json::array);
        if (instances.isEmpty()) {
            Optional<MlModel.Example> example = source.mlModel().flatMap(MlModel::example);
            if (example.isPresent()) {
                instances = example(source, example.get().path(), notes);
            }
        }
        List<JsonNode> rows = new ArrayList<>();
        instances.valueStream().forEach(rows::add);
        return rows;
    }

    private static JsonNode example(ModelSource source, String path, List<String> notes) throws IOException {
        String untested;
        try {
            Optional<JsonNode> example = source.bytes(path).map(content -> InputExample.parse(content, path));
            List<JsonNode> rows = example.map(InputExample::rows).orElse(List.of());
            Optional<String> unfit = InputExample.unfit(rows, source.signature());
            if (!rows.isEmpty() && unfit.isEmpty()) {
                return InputExample.sample(example.orElseThrow(), source.signature())
                        .map(JsonNode.class::cast)
                        .orElseGet(Json::array);
            }
            untested = rows.isEmpty()
                    ? "it is not in a form that is known here"
                    : "the signature does not take it: " + unfit.orElse("");
        } catch (ProblemException noJson) {
            untested = "it is no JSON";
        }
        notes.add("the model was not tested with its input example: " + untested);
        return Json.array();
    }
}
