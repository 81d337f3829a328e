package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Lists who has which role on what, newest first.",
        footer = {"", "Example: modelward grant list group:ml-team"})
final class GrantListCommand extends ServerCommand {

    @Parameters(arity = "0..1", paramLabel = "SUBJECT", description = "whose grants (default: everybody's)")
    private @Nullable String subject;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode grants = client.access().grants(Optional.ofNullable(subject), Limits.checked(limit));
        out.json(grants);
        if (grants.path("grants").isEmpty()) {
            out.line("There is no grant" + (subject == null ? "" : " to " + subject) + " that you may see.");
        } else {
            out.table(AccessWords.grants(grants.path("grants")));
            Limits.tellMore(out, grants, limit);
        }
        return ExitCodes.DONE;
    }
}
