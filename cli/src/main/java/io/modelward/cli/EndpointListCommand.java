package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists the endpoints and what serves them.")
final class EndpointListCommand extends ServerCommand {

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode endpoints = client.endpoints();
        out.json(endpoints);
        if (endpoints.path("endpoints").isEmpty()) {
            out.line("There is no endpoint yet. Create one: modelward endpoint create NAME REFERENCE");
        } else {
            Table table = new Table("ENDPOINT", "STATE", "SERVES", ">REVISION", "SINCE", "BY", "REASON");
            endpoints
                    .path("endpoints")
                    .forEach(endpoint -> table.row(
                            Text.of(endpoint, "endpoint"),
                            Text.of(endpoint, "state"),
                            Text.of(endpoint, "model") + "@" + Text.of(endpoint, "model_version") + candidate(endpoint),
                            Text.of(endpoint, "revision"),
                            Text.time(endpoint, "changed_at"),
                            Text.who(endpoint, "changed_by"),
                            Text.of(endpoint, "reason")));
            out.table(table);
        }
        return ExitCodes.DONE;
    }

    /** What takes a share of the traffic beside the active version. */
    private static String candidate(JsonNode endpoint) {
        for (JsonNode arm : endpoint.path("arms")) {
            if (EndpointShowCommand.role(arm).equals("candidate")) {
                return ", candidate " + Text.of(arm, "version") + " "
                        + EndpointShowCommand.percent(arm.path("weight").asInt(0));
            }
        }
        return "";
    }
}
