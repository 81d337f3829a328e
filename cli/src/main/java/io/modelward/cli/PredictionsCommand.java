package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.PredictionsCall;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.Selector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "predictions",
        description = {
            "Lists the records of predictions, newest first: which version answered what, when and how.",
            "modelward trace ID tells all of one."
        })
final class PredictionsCommand extends ServerCommand {

    @Option(names = "--endpoint", paramLabel = "NAME", description = "only by this endpoint (default: by all)")
    private @Nullable String endpoint;

    @Option(names = "--model", paramLabel = "NAME", description = "only by versions of this model (default: of all)")
    private @Nullable String model;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "only by this version: iris@1.2.0, or 1.2.0 with --model (default: by all)")
    private @Nullable String version;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "only those that ended so: answered, failed, or an HTTP status such as 500 (default: all)")
    private @Nullable String status;

    @Mixin
    private SpanOptions span = new SpanOptions();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = client.predictions(asked(), Limits.checked(limit));
        out.json(found);
        Table table = new Table("?TIME", "?~ENDPOINT", "~VERSION", "?ARM", ">STATUS", "?>TIME TAKEN", "?>ROWS", "ID");
        found.path("predictions")
                .forEach(one -> table.row(
                        Text.time(one, "time"),
                        Text.of(one, "endpoint"),
                        reference(one),
                        EndpointShowCommand.armRole(Text.of(one, "arm")),
                        Text.of(one, "status"),
                        Spans.ofMillis(one.path("latency_ms").asDouble(0)),
                        Text.of(one, "rows"),
                        Text.of(one, "prediction_id")));
        if (table.isEmpty()) {
            out.line("There is no record of such a prediction.");
        } else {
            out.table(table);
            Limits.tellMore(out, found, limit);
        }
        return ExitCodes.DONE;
    }

    /** Without the namespace that a name means when none is written. */
    private static String reference(JsonNode one) {
        String model = Text.of(one, "model");
        String start = ModelName.DEFAULT_NAMESPACE + "/";
        return (model.startsWith(start) ? model.substring(start.length()) : model) + "@"
                + Text.of(one, "model_version");
    }

    private PredictionsCall asked() {
        Optional<ModelName> name = Optional.ofNullable(model).map(ModelName::parse);
        Optional<String> selector = Optional.ofNullable(version);
        if (version != null && version.indexOf('@') >= 0) {
            Reference reference = Reference.parse(version);
            if (name.isPresent() && !name.get().key().equals(reference.model().key())) {
                throw new Usage("--model names " + name.get() + ", and --version a version of " + reference.model()
                        + ": leave out --model.");
            }
            name = Optional.of(reference.model());
            selector = Optional.of(reference.selector().toString());
        } else if (version != null && name.isEmpty()) {
            throw new Usage("Say of which model the version is: --version NAME@" + version + ".");
        } else {
            selector.ifPresent(Selector::parse);
        }
        if (status != null && !status.matches("answered|failed|[1-5][0-9][0-9]")) {
            throw new Usage("--status is answered, failed, or an HTTP status such as 500.");
        }
        return new PredictionsCall(
                Optional.ofNullable(endpoint), name, selector, span.since(), span.until(), Optional.ofNullable(status));
    }
}
