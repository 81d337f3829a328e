package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "runs", description = "Lists the runs of a job, newest first.")
final class JobRunsCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode runs = client.jobs().runs(Optional.of(job), Limits.checked(limit));
        out.json(runs);
        Table table = JobWords.runs(runs.path("runs"));
        if (table.isEmpty()) {
            out.line("The job has not run yet. Start it: modelward job run " + job);
        } else {
            out.table(table);
            Limits.tellMore(out, runs, limit);
        }
        return ExitCodes.DONE;
    }
}
