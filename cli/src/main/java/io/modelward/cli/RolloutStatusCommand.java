package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "status", description = "Shows how far a rollout is, and how far the evidence of each limit has come.")
final class RolloutStatusCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT_OR_ID", description = "an endpoint, for its rollout at work, or a rollout's id")
    private String rollout = "";

    @Option(
            names = "--watch",
            description = "follow it to its end; exit code 6 when it was rolled back, 5 when it could not be loaded")
    private boolean watch;

    @Override
    int run(ModelwardClient client, Out out) {
        RolloutIds.Seen seen = RolloutIds.seen(client, rollout);
        if (watch) {
            return RolloutWatching.toTheEnd(client, out, seen.id());
        }
        JsonNode found = client.rollouts().get(seen.id());
        out.json(found);
        RolloutShow.status(found).forEach(out::line);
        if (!seen.waiting().isEmpty()) {
            out.blank();
            out.line("  behind it wait  " + seen.waiting());
        }
        return ExitCodes.DONE;
    }
}
