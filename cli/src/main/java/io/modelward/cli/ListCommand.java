package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "list",
        description = "Lists all models by name, or the newest versions of one in SemVer order, the newest last.")
final class ListCommand extends ServerCommand {

    private static final int METRICS = 3;
    private static final int MODELS = 100;
    private static final int VERSIONS = 20;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "a model (default: lists the models)")
    private @Nullable String name;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "only models with this text in their name (default: all)")
    private @Nullable String search;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "at most so many (default: 100 models, or the last 20 versions; with --json all)")
    private @Nullable Integer limit;

    @Override
    int run(ModelwardClient client, Out out) {
        Optional.ofNullable(limit).ifPresent(Limits::checked);
        if (name != null && search != null) {
            throw new Usage("--search looks for models, and NAME is one: leave out one of the two.");
        }
        if (name == null) {
            models(client, out);
        } else {
            versions(client, out, ModelName.parse(name));
        }
        return ExitCodes.DONE;
    }

    private int limit(Out out, int unlessAsked) {
        return limit != null ? limit : out.isJson() ? Integer.MAX_VALUE : unlessAsked;
    }

    private void models(ModelwardClient client, Out out) {
        int most = limit(out, MODELS);
        JsonNode models = client.models(Optional.ofNullable(search), most);
        out.json(models);
        Table table = new Table("~MODEL", ">VERSIONS", "LATEST", "?~ALIASES");
        models.path("models")
                .forEach(model -> table.row(
                        Text.of(model, "model"),
                        Text.of(model, "versions"),
                        Text.of(model, "latest"),
                        Show.members(model.path("aliases"), Integer.MAX_VALUE)));
        if (!table.isEmpty()) {
            out.table(table);
            Limits.tellMore(out, models, most);
        } else if (search != null) {
            out.line("No model has \"" + search + "\" in its name.");
        } else {
            out.line("There is no model yet. Publish one: modelward publish NAME PATH --card card.json");
        }
    }

    private void versions(ModelwardClient client, Out out, ModelName model) {
        JsonNode all = client.versions(model);
        List<JsonNode> versions = all.path("versions").valueStream().toList();
        int left = Math.max(0, versions.size() - limit(out, VERSIONS));
        List<JsonNode> last = versions.subList(left, versions.size());
        if (out.isJson()) {
            out.json(last(all, last));
            return;
        }
        if (versions.isEmpty()) {
            out.line("No version of this model is published yet.");
            return;
        }
        VersionPlaces places = VersionPlaces.find(client, model);
        Table table = new Table(
                "VERSION",
                "~LIVE",
                "~ALIASES",
                "?~STATE",
                "?~METRICS",
                "?PUBLISHED",
                "?~BY",
                "?~FRAMEWORK",
                "?DIGEST",
                "?>ORDINAL");
        last.forEach(version -> {
            String number = Text.of(version, "version");
            table.row(
                    number,
                    places.live(number),
                    places.aliases(number),
                    places.state(number),
                    Show.members(version.path("performance"), METRICS),
                    Text.time(version, "published_at"),
                    Text.who(version, "published_by"),
                    Text.of(version, "framework"),
                    Text.shortDigest(version, "digest"),
                    Text.of(version, "ordinal"));
        });
        out.table(table);
        if (left > 0) {
            out.hint("Before them there are " + left + " more. To see all: --limit " + versions.size());
        }
    }

    private static JsonNode last(JsonNode all, List<JsonNode> last) {
        ObjectNode document = (ObjectNode) all.deepCopy();
        ArrayNode versions = document.putArray("versions");
        last.forEach(versions::add);
        return document;
    }
}
