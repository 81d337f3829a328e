package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists runs, newest first.")
final class RunsListCommand extends ServerCommand {

    private static final int METRICS = 3;

    @Option(
            names = "--experiment",
            paramLabel = "ID",
            description = "only of this experiment; may be repeated (default: of all)")
    private List<String> experiments = List.of();

    @Option(
            names = "--filter",
            paramLabel = "FILTER",
            description = "for example: metrics.accuracy > 0.9 AND params.depth = '4' (default: all)")
    private String filter = "";

    @Option(
            names = "--order-by",
            paramLabel = "FIELD",
            description = "for example: metrics.accuracy DESC (default: newest first)")
    private @Nullable String order;

    @Option(names = "--deleted", description = "those that were deleted")
    private boolean deleted;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode runs = client.tracking()
                .runs(
                        experiments,
                        filter,
                        Optional.ofNullable(order),
                        deleted ? "deleted" : "active",
                        Limits.checked(limit));
        out.json(runs);
        Table table = new Table("RUN", "~NAME", "?EXPERIMENT", "?STATUS", "?STARTED", "?~USER", "?~METRICS");
        runs.path("runs")
                .forEach(run -> table.row(
                        Text.of(run, "run"),
                        Text.of(run, "name"),
                        Text.of(run, "experiment"),
                        Text.of(run, "status"),
                        Text.time(run, "started_at"),
                        Text.of(run, "user"),
                        RunsShowCommand.metrics(run, METRICS)));
        if (table.isEmpty()) {
            out.line("There is no such run. Runs are logged with MLflow's client: docs/guides/mlflow.md.");
        } else {
            out.table(table);
            Limits.tellMore(out, runs, limit);
        }
        return ExitCodes.DONE;
    }
}
