package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "quarantine",
        description = "Lists the versions that evidence rolled back from an endpoint and that may not serve it.")
final class RolloutQuarantineCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = client.rollouts().quarantine(endpoint);
        out.json(found);
        tell(out, endpoint, found, limit);
        return ExitCodes.DONE;
    }

    static void tell(Out out, String endpoint, JsonNode all, int limit) {
        JsonNode found = Limits.first(all, "quarantine", limit);
        if (found.path("quarantine").isEmpty()) {
            out.line("No version is in quarantine on endpoint " + endpoint + ".");
            return;
        }
        Table table = new Table("~VERSION", "SINCE", "?ROLLOUT", "~WHY");
        found.path("quarantine")
                .forEach(one -> table.row(
                        Text.of(one, "model") + "@" + Text.of(one, "version"),
                        Text.time(one, "since"),
                        Text.of(one, "rollout"),
                        Text.of(one, "why")));
        out.table(table);
        Limits.tellMore(out, found, limit);
    }
}
