package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "preview",
        description = "Shows what the rule in force would delete of a model now, and why each other version stays.")
final class RetentionPreviewCommand extends ServerCommand {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(
            names = "--server",
            description = "what the server's settings end of deleted runs and of records of predictions, instead of"
                    + " versions of a model (default: no)")
    private boolean server;

    @Override
    int run(ModelwardClient client, Out out) {
        RetentionLeftovers.requireOne(name, server);
        if (server) {
            JsonNode found = client.retention().previewOfServer();
            out.json(found);
            RetentionLeftovers.tell(out, found, "would end");
            return ExitCodes.DONE;
        }
        JsonNode preview = client.retention().preview(ModelName.parse(name));
        out.json(preview);
        tell(out, preview);
        return ExitCodes.DONE;
    }

    static void tell(Out out, JsonNode preview) {
        if (preview.path("rule").isNull()) {
            out.line("No rule is in force for " + Text.of(preview, "model") + ", so nothing is deleted.");
            return;
        }
        Table table = new Table("VERSION", "?PUBLISHED", ">SIZE", "DOES", "~BECAUSE");
        preview.path("versions")
                .forEach(version -> table.row(
                        Text.of(version, "version"),
                        Text.time(version, "published_at"),
                        Sizes.human(version.path("size").asLong()),
                        version.path("deletes").asBoolean(false) ? "goes" : "stays",
                        RetentionWords.reasons(version)));
        out.table(table);
        out.line("Rule of " + RetentionWords.scope(preview.path("rule")) + ": "
                + RetentionWords.rule(preview.path("rule")) + ".");
        out.line("Deletes "
                + RetentionWords.amount(
                        preview.path("deletes").asLong(), preview.path("bytes").asLong())
                + "; keeps " + Text.plural(preview.path("keeps").asLong(), "version") + ".");
        if (preview.path("needs_confirmation").asBoolean(false)) {
            out.warn("That is most of them, so a run needs --yes.");
        }
    }
}
