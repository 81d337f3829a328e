package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rollout",
        description = "Moves an endpoint to a new version step by step, and says what its evidence is worth.",
        subcommands = {
            RolloutStartCommand.class,
            RolloutStatusCommand.class,
            RolloutOrderCommand.Hold.class,
            RolloutOrderCommand.Resume.class,
            RolloutOrderCommand.Promote.class,
            RolloutOrderCommand.Abort.class,
            RolloutListCommand.class,
            RolloutExportCommand.class,
            RolloutReplayCommand.class,
            RolloutPlanCommand.class,
            RolloutQuarantineCommand.class,
            RolloutReleaseCommand.class
        })
final class RolloutCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
