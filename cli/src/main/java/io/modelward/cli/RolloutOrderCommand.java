package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.RolloutCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tells a rollout what to do. */
abstract class RolloutOrderCommand extends ServerCommand {

    @Parameters(
            paramLabel = "ENDPOINT_OR_ID",
            description = "an endpoint, for its rollout that is at work, or a rollout's id")
    private String rollout = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for those who look later (required)")
    private String reason = "";

    @Override
    final int run(ModelwardClient client, Out out) {
        JsonNode told = tell(client.rollouts(), id(client, rollout), reason);
        out.json(told);
        out.good("Rollout " + Text.of(told, "id") + " of endpoint " + Text.of(told, "endpoint") + " is "
                + RolloutShow.state(told));
        out.field("why", Text.of(told, "reason"));
        out.field("traffic", RolloutShow.traffic(told) + " to " + Text.of(told, "candidate"));
        return ExitCodes.DONE;
    }

    String id(ModelwardClient client, String named) {
        return RolloutIds.atWork(client, named);
    }

    abstract JsonNode tell(RolloutCalls rollouts, String id, String because);

    @Command(
            name = "hold",
            description = "Stops a rollout in its step, with the split it has; the rollback limits go on acting.")
    static final class Hold extends RolloutOrderCommand {
        @Override
        JsonNode tell(RolloutCalls rollouts, String id, String because) {
            return rollouts.hold(id, because);
        }
    }

    @Command(
            name = "resume",
            description = "Lets a held rollout go on; of a limit that held it, this acknowledges the divergence.")
    static final class Resume extends RolloutOrderCommand {
        @Override
        JsonNode tell(RolloutCalls rollouts, String id, String because) {
            return rollouts.resume(id, because);
        }
    }

    @Command(
            name = "promote",
            description = "Gives the candidate all traffic at once, whatever the evidence says so far.")
    static final class Promote extends RolloutOrderCommand {
        @Override
        String id(ModelwardClient client, String named) {
            return RolloutIds.tried(client, named);
        }

        @Override
        JsonNode tell(RolloutCalls rollouts, String id, String because) {
            return rollouts.promote(id, because);
        }
    }

    @Command(
            name = "abort",
            description = "Takes the candidate's traffic back at once, or calls the rollout off before it had any.")
    static final class Abort extends RolloutOrderCommand {
        @Override
        JsonNode tell(RolloutCalls rollouts, String id, String because) {
            return rollouts.abort(id, because);
        }
    }
}
