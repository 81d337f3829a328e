package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Shows a version: its card, files, signature and aliases.")
final class ShowCommand extends ServerCommand {

    /** Shown elsewhere: the schemas as the signature, others in a section of their own. A version is never updated. */
    private static final Set<String> ELSEWHERE = Set.of(
            "version", "updated_at", "input_schema", "output_schema", "hyperparameters", "performance", "limitations");

    @Parameters(index = "0", paramLabel = "REFERENCE", description = "iris, iris@1.2.0, iris@^1.2, iris@champion, …")
    private String reference = "";

    @Parameters(index = "1..*", arity = "0..*", hidden = true)
    private List<String> more = List.of();

    @Override
    int run(ModelwardClient client, Out out) {
        Misplaced.refuse(reference, more);
        JsonNode version = VersionFinder.find(client, Reference.parse(reference));
        out.json(version);
        tell(out, version);
        return ExitCodes.DONE;
    }

    private static void tell(Out out, JsonNode version) {
        out.title(Text.of(version, "model") + "@" + Text.of(version, "version"));
        out.field("ordinal", Text.of(version, "ordinal"));
        out.field("digest", Text.of(version, "digest"));
        out.field("aliases", Show.joined(version.path("aliases")));
        out.field("published", Text.time(version, "published_at") + " by " + Text.who(version, "published_by"));
        out.field("why", Text.of(version, "reason"));
        out.field("least bump", Text.of(version, "least_bump"));
        out.field("environment", environment(version.path("environment")));
        out.field("serving", ServingWords.of(version.path("serving"), Text.of(version, "framework")));
        out.field("description", Text.of(version, "description"));
        out.field("stage", Text.of(version, "stage").equals("None") ? "" : Text.of(version, "stage"));
        out.field("tags", Show.members(version.path("tags"), Integer.MAX_VALUE));
        version.path("warnings").forEach(warning -> out.warning(warning.asString("")));
        card(out, version.path("card"));
        out.field("card lacks", Show.joined(version.path("card_missing")));
        signature(out, version.path("signature"));
        if (version.has("provenance")) {
            out.blank();
            Show.provenance(out, version.path("provenance"));
        }
        out.blank();
        out.title("Files, " + Sizes.human(version.path("size").asLong(0)));
        out.indented(Show.files(version.path("files")));
    }

    private static String environment(JsonNode environment) {
        String why = Text.of(environment, "why");
        return Text.of(environment, "state") + (why.isEmpty() ? "" : ": " + why);
    }

    private static void card(Out out, JsonNode card) {
        out.blank();
        out.title("Card");
        card.properties().stream()
                .filter(member -> !ELSEWHERE.contains(member.getKey()))
                .forEach(member -> {
                    JsonNode value = member.getValue();
                    out.field(
                            member.getKey().replace('_', ' '),
                            member.getKey().endsWith("_at")
                                    ? Text.time(card, member.getKey())
                                    : value.isObject() ? Show.members(value, Integer.MAX_VALUE) : Show.value(value));
                });
        out.field("hyperparameters", Show.members(card.path("hyperparameters"), Integer.MAX_VALUE));
        out.field("performance", Show.members(card.path("performance"), Integer.MAX_VALUE));
        card.path("limitations").forEach(limitation -> out.field("limitation", Show.value(limitation)));
    }

    private static void signature(Out out, JsonNode signature) {
        out.blank();
        out.title("Signature");
        JsonNode input = signature.path("input");
        Table columns = SchemaWords.columns(input);
        if (columns.isEmpty()) {
            out.field("columns", Show.joined(input.path("columns")));
            JsonNode row = input.path("row");
            String width = input.has("width") ? Text.plural(input.path("width").asLong(), "value") : "";
            out.field("row", row.isMissingNode() ? width : SchemaWords.words(row));
        }
        out.field(
                "prediction",
                signature.path("output").isMissingNode() ? "" : SchemaWords.words(signature.path("output")));
        if (!columns.isEmpty()) {
            out.blank();
            out.indented(columns);
        }
    }
}
