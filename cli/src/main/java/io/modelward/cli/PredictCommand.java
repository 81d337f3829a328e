package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "predict", description = "Predicts, and says which version did.")
final class PredictCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "for example iris")
    private String endpoint = "";

    @Parameters(
            paramLabel = "ROWS",
            description = "JSON such as '[[5.1,3.5,1.4,0.2]]', @FILE, or - for the standard input")
    private String rows = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "what the caller sticks to, such as a user's id: in a rollout, the same key meets the same version")
    private @Nullable String key;

    @Option(
            names = "--output",
            paramLabel = "NAME",
            description = "an output to answer, of a model that names its outputs (an ONNX graph); several times for"
                    + " several. Each prediction is then an"
                    + " object by output name")
    private List<String> outputs = new ArrayList<>();

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        ObjectNode request = PredictInput.read(rows, System.in);
        if (key != null) {
            request.put("key", key);
        }
        if (!outputs.isEmpty()) {
            outputs.forEach(request.putArray("outputs")::add);
        }
        JsonNode answer = client.predict(endpoint, request);
        out.json(answer);
        answer.path("predictions").forEach(prediction -> out.line(Json.write(prediction)));
        out.blank();
        out.field("answered by", Text.of(answer, "model") + "@" + Text.of(answer, "model_version"));
        out.field("digest", Text.of(answer, "digest"));
        out.field("prediction id", Text.of(answer, "prediction_id"));
        if (!answer.path("logged").asBoolean(true)) {
            out.warn("  The record of this prediction could not be kept, so it cannot be traced.");
        }
        return ExitCodes.DONE;
    }
}
