package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Lists your tokens, newest first, those that ended too.",
        footer = {"", "Example: modelward token list --all"})
final class TokenListCommand extends ServerCommand {

    @Option(names = "--all", description = "everybody's tokens; for administrators")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode tokens = client.access().tokens(all, Limits.checked(limit));
        out.json(tokens);
        if (tokens.path("tokens").isEmpty()) {
            out.line("There is no token. Make one: modelward token create NAME --role ROLE --model GLOB");
            return ExitCodes.DONE;
        }
        Table table = new Table("ID", "~NAME", "STATE", "?~OWNER", "?~GRANTS", "EXPIRES", "?USED", "?CREATED");
        tokens.path("tokens")
                .forEach(token -> table.row(
                        Text.of(token, "id"),
                        Text.of(token, "name"),
                        state(token),
                        Text.of(token, "owner"),
                        token.has("grants") ? AccessWords.permissions(token.path("grants")) : "all that its owner has",
                        Text.time(token, "expires_at"),
                        Text.time(token, "used_at"),
                        Text.time(token, "created_at")));
        out.table(table);
        Limits.tellMore(out, tokens, limit);
        return ExitCodes.DONE;
    }

    static String state(JsonNode token) {
        if (token.has("revoked_at")) {
            return "revoked";
        }
        try {
            return Instant.parse(Text.of(token, "expires_at")).isAfter(Instant.now()) ? "good" : "expired";
        } catch (DateTimeException unusual) {
            return "";
        }
    }
}
