package io.modelward.cli;

import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Shows where an alias points, and where it pointed before.")
final class AliasGetCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(paramLabel = "ALIAS", description = "for example champion")
    private String alias = "";

    @Override
    int run(ModelwardClient client, Out out) {
        ApiResponse answer = client.alias(ModelName.parse(name), alias);
        out.json(answer.json());
        out.title(alias + " of " + ModelName.parse(name) + " points to " + Text.of(answer.json(), "version"));
        out.field("digest", Text.of(answer.json(), "digest"));
        out.field("etag", answer.etag().orElse(""));
        out.blank();
        Table history = new Table("VERSION", "CHANGED", "BY", "REASON");
        answer.json()
                .path("history")
                .forEach(move -> history.row(
                        move.has("version") ? Text.of(move, "version") : "(deleted)",
                        Text.time(move, "changed_at"),
                        Text.who(move, "changed_by"),
                        Text.of(move, "reason")));
        out.indented(history);
        return ExitCodes.DONE;
    }
}
