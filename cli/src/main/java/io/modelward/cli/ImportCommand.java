package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "import",
        description = {
            "Publishes a registry kept by hand: DIR/<name>/<version>/ with metadata.json as the card and all"
                    + " other files.",
            "Versions go in SemVer order. What is published already is left alone, so it can be run again.",
            "Exit code 5 when something was not taken."
        })
final class ImportCommand extends ServerCommand {

    @Parameters(paramLabel = "DIR", description = "the directory of models")
    private Path directory = Path.of("");

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "the namespace of the models (default: ${DEFAULT-VALUE})")
    private String namespace = ModelName.DEFAULT_NAMESPACE;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why (default: imported from DIR)")
    private @Nullable String reason;

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        String why = reason == null ? "imported from " + directory.toRealPath().getFileName() : reason;
        Import work = new Import(client, out, why);
        Map<Import.Outcome, Integer> counts = new EnumMap<>(Import.Outcome.class);
        ObjectNode document = Json.object();
        ArrayNode results = document.putArray("versions");
        for (HandKept.Entry entry : HandKept.read(directory, namespace)) {
            Import.Result result = work.take(entry);
            counts.merge(result.outcome(), 1, Integer::sum);
            results.addObject()
                    .put("model", entry.shownModel())
                    .put("version", entry.shownVersion())
                    .put("outcome", result.outcome().name().toLowerCase(java.util.Locale.ROOT))
                    .put("detail", String.join(" ", result.why()));
            tell(out, entry, result);
        }
        if (counts.isEmpty()) {
            throw new Usage("There is no <name>/<version> directory in " + directory + ".");
        }
        out.json(document);
        out.blank();
        out.line(summary(counts));
        boolean all = counts.keySet().stream().allMatch(Import.Outcome::isFine);
        return all ? ExitCodes.DONE : ExitCodes.REFUSED;
    }

    private static void tell(Out out, HandKept.Entry entry, Import.Result result) {
        List<String> why = result.why();
        String line = entry.shownModel() + (entry.shownVersion().isEmpty() ? "" : "@" + entry.shownVersion()) + ": "
                + result.outcome().words() + (why.isEmpty() ? "" : ": " + why.getFirst());
        switch (result.outcome()) {
            case PUBLISHED -> out.good(line);
            case PRESENT, SKIPPED -> out.line(line);
            case REFUSED, FAILED -> out.bad(line);
        }
        why.stream().skip(1).forEach(more -> out.line("  " + more));
        out.flush();
    }

    private static String summary(Map<Import.Outcome, Integer> counts) {
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey().words())
                        .toList());
    }
}
