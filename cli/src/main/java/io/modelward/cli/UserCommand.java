package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "user",
        description = "Lists those whom the server knows, shuts somebody out and lets somebody in again.",
        subcommands = {UserListCommand.class, UserAbleCommand.Disable.class, UserAbleCommand.Enable.class})
final class UserCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
