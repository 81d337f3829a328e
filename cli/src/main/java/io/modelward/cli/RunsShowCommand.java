package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "show", description = "Shows a run: parameters, metrics, tags, datasets and files.")
final class RunsShowCommand extends ServerCommand {

    @Parameters(paramLabel = "RUN", description = "its id")
    private String run = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = client.tracking().run(run);
        out.json(found);
        out.title("Run " + Text.of(found, "run"));
        out.field("name", Text.of(found, "name"));
        out.field("experiment", Text.of(found, "experiment"));
        out.field("status", Text.of(found, "status"));
        out.field("user", Text.of(found, "user"));
        out.field("started", Text.time(found, "started_at"));
        out.field("ended", Text.time(found, "ended_at"));
        out.field("deleted", Text.time(found, "deleted_at"));
        out.field("parameters", Show.members(found.path("parameters"), Integer.MAX_VALUE));
        out.field("metrics", metrics(found, Integer.MAX_VALUE));
        found.path("datasets")
                .forEach(dataset -> out.field("dataset", Text.of(dataset, "name") + " " + Text.of(dataset, "digest")));
        found.path("models")
                .forEach(model -> out.field("model", Text.of(model, "model") + " (" + Text.of(model, "role") + ")"));
        out.field("tags", Show.members(found.path("tags"), Integer.MAX_VALUE));
        out.field("files", Text.of(found, "artifact_uri"));
        return ExitCodes.DONE;
    }

    /** The latest value of each metric. */
    static String metrics(JsonNode run, int most) {
        ObjectNode values = Json.object();
        run.path("metrics")
                .properties()
                .forEach(metric -> values.set(metric.getKey(), metric.getValue().path("value")));
        return Show.members(values, most);
    }
}
