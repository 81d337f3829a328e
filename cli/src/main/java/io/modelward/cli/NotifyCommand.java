package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "notify",
        description = "Says which people are told of what, by a webhook, Slack or mail; for administrators.",
        subcommands = {
            NotifyAddCommand.class,
            NotifyListCommand.class,
            NotifyShowCommand.class,
            NotifyTestCommand.class,
            NotifyRemoveCommand.class,
            NotifyDeliveriesCommand.class
        })
final class NotifyCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
