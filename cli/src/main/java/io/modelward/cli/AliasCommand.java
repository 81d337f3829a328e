package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "alias",
        description = "Points names such as champion at versions.",
        subcommands = {AliasSetCommand.class, AliasGetCommand.class, AliasListCommand.class, AliasDeleteCommand.class})
final class AliasCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
