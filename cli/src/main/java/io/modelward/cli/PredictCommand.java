package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "predict", description = "Predicts, and says which version did.")
final class PredictCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "for example iris")
    private String endpoint = "";

    @Parameters(
            paramLabel = "ROWS",
            description = "JSON such as '[[5.1,3.5,1.4,0.2]]', @FILE, or - for the standard input")
    private String rows = "";

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        JsonNode answer = client.predict(endpoint, Instances.read(rows, System.in));
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
