package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private Patience patience = new Patience();

    @Override
    int run(ModelwardClient client, Out out) {
        if (patience.isLimited() && !watch) {
            throw new Usage("--timeout is for --watch: without --watch nothing is waited for.");
        }
        RolloutIds.Seen seen = RolloutIds.seen(client, rollout);
        if (watch) {
            return RolloutWatching.toTheEnd(client, out, seen.id(), patience);
        }
        JsonNode found = client.rollouts().get(seen.id());
        out.json(found);
        if (!out.isJson()) {
            RolloutShow.status(found, out.width()).forEach(out::data);
        }
        if (!seen.waiting().isEmpty()) {
            out.blank();
            out.field("behind it wait", seen.waiting());
        }
        return ExitCodes.DONE;
    }
}
