package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "diff",
        description =
                "Compares two versions of a model: metrics, hyperparameters, signature, files, provenance and card.")
final class DiffCommand extends ServerCommand {

    @Parameters(index = "0", paramLabel = "FROM", description = "for example iris@1.0.0")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "for example iris@1.1.0, or 1.1.0 of the same model")
    private String to = "";

    @Parameters(index = "2..*", arity = "0..*", hidden = true)
    private List<String> more = List.of();

    @Override
    int run(ModelwardClient client, Out out) {
        Misplaced.refuse(from, written(to, more));
        Reference first = Reference.parse(from);
        boolean number = from.indexOf('@') >= 0 && SemVer.tryParse(to).isPresent();
        Reference second = Reference.parse(number ? first.model() + "@" + to : to);
        if (!first.model().key().equals(second.model().key())) {
            throw new Usage(
                    "Both must be versions of one model: " + first.model() + " and " + second.model() + " are two.");
        }
        JsonNode comparison = client.compare(
                first.model(), first.selector().toString(), second.selector().toString());
        out.json(comparison);
        tell(out, comparison);
        return ExitCodes.DONE;
    }

    /** What was written in the place of two references, when it was a model with two versions behind it. */
    private static List<String> written(String to, List<String> more) {
        return more.isEmpty()
                ? List.of()
                : Stream.concat(Stream.of(to), more.stream()).toList();
    }

    private static void tell(Out out, JsonNode comparison) {
        String older = Text.of(comparison.path("from"), "version");
        String newer = Text.of(comparison.path("to"), "version");
        out.title(Text.of(comparison.path("from"), "model") + ": " + older + " to " + newer);
        metrics(out, comparison.path("metrics"), older, newer);
        differences(out, "Hyperparameters", "NAME", "name", comparison.path("hyperparameters"), older, newer);
        signature(out, comparison.path("signature"));
        files(out, comparison.path("files"), older, newer);
        if (!comparison.path("provenance").isEmpty()) {
            differences(out, "Provenance", "WHAT", "name", comparison.path("provenance"), older, newer);
        }
        differences(out, "Card", "FIELD", "name", comparison.path("card"), older, newer);
    }

    private static void metrics(Out out, JsonNode metrics, String older, String newer) {
        Table table = new Table("METRIC", ">" + older, ">" + newer, ">CHANGE");
        metrics.forEach(metric -> table.row(
                Text.of(metric, "name"),
                Numbers.value(metric.path("from")),
                Numbers.value(metric.path("to")),
                Numbers.change(metric.path("from"), metric.path("to"))));
        section(out, "Metrics", table, "neither card names one");
    }

    private static void signature(Out out, JsonNode signature) {
        out.blank();
        String verdict = Text.of(signature, "verdict");
        String heading = "Signature: " + verdict + ", least bump " + Text.of(signature, "least_bump");
        if (verdict.equals("compatible")) {
            out.title(heading);
        } else {
            out.warn(heading);
        }
        signature
                .path("findings")
                .forEach(finding -> out.line("  " + Text.of(finding, "path") + ": " + Text.of(finding, "what") + " ("
                        + Text.of(finding, "verdict") + ")"));
    }

    private static void files(Out out, JsonNode files, String older, String newer) {
        Table table = new Table("~FILE", "STATE", ">" + older, ">" + newer);
        files.forEach(file -> table.row(
                Text.of(file, "path"), Text.of(file, "state"), size(file.path("from")), size(file.path("to"))));
        section(out, "Files", table, "none");
    }

    private static String size(JsonNode file) {
        return file.has("size") ? Sizes.human(file.path("size").asLong(0)) : "";
    }

    private static void differences(
            Out out, String title, String header, String key, JsonNode differences, String older, String newer) {
        Table table = new Table("~" + header, "STATE", "~" + older, "~" + newer);
        differences.forEach(difference -> {
            if (!Text.of(difference, "state").equals("same")) {
                table.row(
                        Text.of(difference, key),
                        Text.of(difference, "state"),
                        shortened(Show.value(difference.path("from"))),
                        shortened(Show.value(difference.path("to"))));
            }
        });
        section(out, title, table, "no difference");
    }

    private static String shortened(String value) {
        int most = 60;
        return value.codePointCount(0, value.length()) > most
                ? value.substring(0, value.offsetByCodePoints(0, most - 3)) + "..."
                : value;
    }

    private static void section(Out out, String title, Table table, String whenEmpty) {
        out.blank();
        if (table.isEmpty()) {
            out.title(title + ": " + whenEmpty);
        } else {
            out.title(title);
            out.indented(table);
        }
    }
}
