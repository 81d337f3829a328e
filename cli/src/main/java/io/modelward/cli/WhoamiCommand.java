package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        name = "whoami",
        description = "Says who you are for the server, and which roles you have.",
        footer = {"", "Example: modelward whoami --url https://models.example.org"})
final class WhoamiCommand extends ServerCommand {

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode who = client.access().whoami();
        out.json(who);
        out.title(Text.of(who, "subject"));
        if (Text.of(who, "access").equals("off")) {
            out.line("  The server does not ask who its callers are: this is what you call yourself.");
            return ExitCodes.DONE;
        }
        out.field("known by", Text.of(who, "credential"));
        out.field("token", Text.of(who, "token_id"));
        out.field("until", Text.time(who, "expires_at"));
        out.field("groups", Show.joined(who.path("groups")));
        if (who.has("limited_to")) {
            out.field("limited to", AccessWords.permissions(who.path("limited_to")));
        }
        out.blank();
        if (who.path("grants").isEmpty()) {
            out.line("You have no role here. Ask an owner or an administrator for one.");
        } else {
            out.indented(AccessWords.grants(who.path("grants")));
        }
        return ExitCodes.DONE;
    }
}
