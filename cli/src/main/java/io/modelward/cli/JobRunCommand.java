package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "run", description = "Starts a run of a job now.")
final class JobRunCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Option(names = "--follow", description = "write the log, and wait for the end (default: no)")
    private boolean follow;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode run = client.jobs().run(job, reason);
        if (follow) {
            return JobWords.follow(client, out, Text.of(run, "run"));
        }
        out.json(run);
        out.good("Run " + Text.of(run, "number") + " of the job " + Text.of(run, "job") + " is "
                + Text.of(run, "state"));
        out.hint("Follow it: modelward job logs " + Text.of(run, "run") + " --follow");
        return ExitCodes.DONE;
    }
}
