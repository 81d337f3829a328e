package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "status", description = "Shows how the server fares: isolation, workers, prediction log.")
final class StatusCommand extends ServerCommand {

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode status = client.status();
        out.json(status);
        out.title("Modelward " + Text.of(status, "version"));
        out.field("started", Text.time(status, "started_at"));
        out.field("versions", Text.of(status, "versions"));
        out.field("isolation", Text.of(status.path("isolation"), "words"));
        JsonNode limits = status.path("limits");
        if (limits.isObject()) {
            out.field(
                    "limits",
                    "each worker has " + Sizes.human(limits.path("memory").asLong(0)) + " of memory, "
                            + Sizes.human(limits.path("disk").asLong(0)) + " and " + Text.of(limits, "files")
                            + " files, " + Text.of(limits, "processes") + " processes; held: "
                            + Text.of(limits, "words"));
        }
        out.field("environment", Show.members(status.path("environment"), Integer.MAX_VALUE));
        JsonNode log = status.path("prediction_log");
        out.field(
                "predictions",
                Text.of(log, "kept") + " kept, " + Text.of(log, "lost") + " lost, in "
                        + Text.plural(log.path("segments").asLong(0), "segment"));
        workers(out, status.path("workers"));
        return ExitCodes.DONE;
    }

    private static void workers(Out out, JsonNode workers) {
        Table table = new Table("~MODEL", "STATE", "?~CLASS", ">IN FLIGHT", "?>RESTARTS", "?~PACKAGES");
        workers.forEach(worker -> table.row(
                Text.of(worker, "version"),
                Text.of(worker, "state"),
                Text.of(worker, "class"),
                Text.of(worker, "in_flight"),
                Text.of(worker, "restarts"),
                Show.members(worker.path("packages"), 4)));
        out.blank();
        if (table.isEmpty()) {
            out.title("No model is loaded");
        } else {
            out.title("Loaded models");
            out.indented(table);
        }
    }
}
