package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rollout",
        description = "Moves an endpoint to a new version step by step, and says what its evidence is worth.",
        subcommands = {RolloutPlanCommand.class, RolloutReplayCommand.class})
final class RolloutCommand extends Group {

    @Mixin
    private Help help = new Help();
}
