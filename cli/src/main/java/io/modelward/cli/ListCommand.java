package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists all models, or the versions of one in SemVer order.")
final class ListCommand extends ServerCommand {

    private static final int METRICS = 3;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "a model")
    private @Nullable String name;

    @Override
    int run(ModelwardClient client, Out out) {
        if (name == null) {
            JsonNode models = client.models();
            out.json(models);
            models(out, models.path("models"));
        } else {
            JsonNode versions = client.versions(ModelName.parse(name));
            out.json(versions);
            versions(out, versions.path("versions"));
        }
        return ExitCodes.DONE;
    }

    private static void models(Out out, JsonNode models) {
        Table table = new Table("MODEL", ">VERSIONS", "LATEST", "ALIASES");
        models.forEach(model -> table.row(
                Text.of(model, "model"),
                Text.of(model, "versions"),
                Text.of(model, "latest"),
                Show.members(model.path("aliases"), Integer.MAX_VALUE)));
        if (table.isEmpty()) {
            out.line("There is no model yet. Publish one: modelward publish NAME PATH --card card.json");
        } else {
            out.table(table);
        }
    }

    private static void versions(Out out, JsonNode versions) {
        Table table = new Table("VERSION", ">ORDINAL", "DIGEST", "PUBLISHED", "BY", "FRAMEWORK", "METRICS");
        versions.forEach(version -> table.row(
                Text.of(version, "version"),
                Text.of(version, "ordinal"),
                Text.shortDigest(version, "digest"),
                Text.time(version, "published_at"),
                Text.of(version.path("published_by"), "actor"),
                Text.of(version, "framework"),
                Show.members(version.path("performance"), METRICS)));
        if (table.isEmpty()) {
            out.line("No version of this model is published yet.");
        } else {
            out.table(table);
        }
    }
}
