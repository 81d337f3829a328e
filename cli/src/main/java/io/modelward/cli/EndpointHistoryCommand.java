package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "history", description = "Lists an endpoint's route revisions, newest first.")
final class EndpointHistoryCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode revisions = client.revisions(endpoint, Limits.checked(limit));
        out.json(revisions);
        Table table = new Table(">REVISION", "?CAUSE", "~VERSION", "?CONTRACT", "MOVED", "?~BY", "?~REASON");
        revisions
                .path("revisions")
                .forEach(revision -> table.row(
                        Text.of(revision, "revision"),
                        Text.of(revision, "cause"),
                        Text.of(revision, "model") + "@" + active(revision.path("arms")),
                        revision.path("contract_changed").asBoolean(false) ? "changed" : "",
                        Text.time(revision, "changed_at"),
                        Text.who(revision, "changed_by"),
                        Text.of(revision, "reason")));
        out.table(table);
        Limits.tellMore(out, revisions, limit);
        return ExitCodes.DONE;
    }

    static String active(JsonNode arms) {
        for (JsonNode arm : arms) {
            if (Text.of(arm, "role").equals("active")) {
                return Text.of(arm, "version");
            }
        }
        return "";
    }
}
