package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "pause", description = "Pauses a job: it is not due by itself.")
final class JobPauseCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode now = client.jobs().pause(job, true, reason);
        out.json(now);
        out.good("Job " + Text.of(now, "job") + " is paused");
        return ExitCodes.DONE;
    }
}
