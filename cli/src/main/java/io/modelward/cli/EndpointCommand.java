package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "endpoint",
        description = "Makes the names that callers send predictions to, and shows what serves them.",
        subcommands = {
            EndpointCreateCommand.class,
            EndpointListCommand.class,
            EndpointShowCommand.class,
            EndpointHistoryCommand.class,
            EndpointDeleteCommand.class
        })
final class EndpointCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
