package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "token",
        description = "Makes tokens for programs, lists and revokes tokens.",
        subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class})
final class TokenCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
