package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "model",
        description = "Renames, describes, tags and deletes models, and brings them back.",
        subcommands = {
            ModelRenameCommand.class,
            DescribeCommand.OfModel.class,
            TagCommand.OfModel.class,
            DeleteCommand.OfModel.class,
            UndeleteCommand.OfModel.class
        })
final class ModelCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
