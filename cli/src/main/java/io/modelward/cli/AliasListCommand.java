package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists a model's aliases.")
final class AliasListCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode all = client.aliases(ModelName.parse(name));
        out.json(all);
        JsonNode aliases = Limits.first(all, "aliases", limit);
        if (aliases.path("aliases").isEmpty()) {
            out.line("This model has no alias.");
        } else {
            Table table = new Table("ALIAS", "VERSION", "?DIGEST", "?CHANGED", "?~BY", "?~REASON");
            aliases.path("aliases")
                    .forEach(alias -> table.row(
                            Text.of(alias, "alias"),
                            Text.of(alias, "version"),
                            Text.shortDigest(alias, "digest"),
                            Text.time(alias, "changed_at"),
                            Text.who(alias, "changed_by"),
                            Text.of(alias, "reason")));
            out.table(table);
            Limits.tellMore(out, aliases, limit);
        }
        return ExitCodes.DONE;
    }
}
