package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "retention",
        description = "Says how long versions are kept, shows what a rule deletes, deletes it, and holds versions.",
        subcommands = {
            RetentionSetCommand.class,
            RetentionRemoveCommand.class,
            RetentionShowCommand.class,
            RetentionPreviewCommand.class,
            RetentionRunCommand.class,
            RetentionHoldCommand.Hold.class,
            RetentionHoldCommand.Release.class,
            UndeleteCommand.OfVersion.class
        })
final class RetentionCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
