package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists an endpoint's rollouts, newest first.")
final class RolloutListCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode rollouts = client.rollouts().list(endpoint, Limits.checked(limit));
        out.json(rollouts);
        if (rollouts.path("rollouts").isEmpty()) {
            out.line("Endpoint " + endpoint + " had no rollout yet.");
            return ExitCodes.DONE;
        }
        Table table =
                new Table("?>NO", "ID", "STATE", "?FROM", "TO", "?>STEP", "?>TRAFFIC", "?STARTED", "?~BY", "~WHY");
        rollouts.path("rollouts")
                .forEach(rollout -> table.row(
                        Text.of(rollout, "number"),
                        Text.of(rollout, "id"),
                        RolloutShow.state(rollout),
                        Text.of(rollout, "active"),
                        Text.of(rollout, "candidate"),
                        Text.of(rollout, "step") + "/" + Text.of(rollout, "step_count"),
                        RolloutShow.traffic(rollout),
                        Text.time(rollout.path("started"), "at"),
                        RolloutShow.starter(rollout),
                        Text.of(rollout, "reason")));
        out.table(table);
        Limits.tellMore(out, rollouts, limit);
        return ExitCodes.DONE;
    }
}
