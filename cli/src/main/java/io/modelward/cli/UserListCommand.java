package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Lists those who logged in or were disabled, by their subject; for administrators.",
        footer = {"", "Example: modelward user list"})
final class UserListCommand extends ServerCommand {

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode users = client.access().users(Limits.checked(limit));
        out.json(users);
        if (users.path("users").isEmpty()) {
            out.line("Nobody logged in yet.");
            return ExitCodes.DONE;
        }
        Table table = new Table("~SUBJECT", "?~NAME", "STATE", "?~GROUPS", "?SEEN");
        users.path("users")
                .forEach(user -> table.row(
                        Text.of(user, "subject"),
                        Text.of(user, "shown"),
                        user.path("disabled").asBoolean(false) ? "disabled" : "",
                        Show.joined(user.path("groups")),
                        Text.time(user, "seen_at")));
        out.table(table);
        Limits.tellMore(out, users, limit);
        return ExitCodes.DONE;
    }
}
