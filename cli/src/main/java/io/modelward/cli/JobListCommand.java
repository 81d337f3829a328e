package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Lists the jobs, newest first.")
final class JobListCommand extends ServerCommand {

    @Option(names = "--model", paramLabel = "MODEL", description = "only of this model (default: of all)")
    private @Nullable String model;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode jobs = client.jobs().list(Optional.ofNullable(model), Limits.checked(limit));
        out.json(jobs);
        Table table = new Table("JOB", "~MODEL", "~SCHEDULE", "?NEXT", "LAST", "?~OUTCOME");
        jobs.path("jobs")
                .forEach(job -> table.row(
                        Text.of(job, "job"),
                        Text.of(job, "model"),
                        JobWords.schedule(job),
                        Text.time(job, "next_at"),
                        Text.of(job.path("latest_run"), "state"),
                        Text.of(job.path("latest_run"), "outcome")));
        if (table.isEmpty()) {
            out.line("There is no job. Make one: modelward job create --help");
        } else {
            out.table(table);
            Limits.tellMore(out, jobs, limit);
        }
        return ExitCodes.DONE;
    }
}
