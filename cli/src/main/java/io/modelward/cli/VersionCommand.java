package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "version",
        description = "Describes, tags and deletes versions, and brings them back.",
        subcommands = {
            DescribeCommand.OfVersion.class,
            TagCommand.OfVersion.class,
            DeleteCommand.OfVersion.class,
            UndeleteCommand.OfVersion.class
        })
final class VersionCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
