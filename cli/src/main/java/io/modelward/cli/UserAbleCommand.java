package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shuts somebody out, or lets somebody in again. */
abstract class UserAbleCommand extends ServerCommand {

    @Parameters(paramLabel = "SUBJECT", description = "as modelward user list shows it")
    private String subject = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for those who look later (required)")
    private String reason = "";

    @Override
    final int run(ModelwardClient client, Out out) {
        JsonNode user = client.access().disable(subject, disabled(), reason);
        out.json(user);
        out.good(Text.of(user, "subject") + words());
        return ExitCodes.DONE;
    }

    abstract boolean disabled();

    abstract String words();

    @Command(
            name = "disable",
            description = "Shuts somebody out at once, with all tokens and sessions; the grants stay.",
            footer = {"", "Example: modelward user disable 'user:https://login.example.org#ann' --reason 'left'"})
    static final class Disable extends UserAbleCommand {
        @Override
        boolean disabled() {
            return true;
        }

        @Override
        String words() {
            return " is disabled: no token and no session of theirs is taken";
        }
    }

    @Command(
            name = "enable",
            description = "Lets somebody in again who was disabled.",
            footer = {"", "Example: modelward user enable 'user:https://login.example.org#ann' --reason 'is back'"})
    static final class Enable extends UserAbleCommand {
        @Override
        boolean disabled() {
            return false;
        }

        @Override
        String words() {
            return " is let in again";
        }
    }
}
