package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "grant",
        description = {
            "Gives roles to people, groups and programs, and takes them away.",
            "A SUBJECT is user:ISSUER#NAME, group:NAME, service:NAME, certificate:NAME or everyone."
        },
        subcommands = {
            GrantAddCommand.class,
            GrantListCommand.class,
            GrantRemoveCommand.class,
            GrantExplainCommand.class
        })
final class GrantCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
