package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "resume", description = "Lets a paused job be due by its schedule again.")
final class JobResumeCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode now = client.jobs().pause(job, false, reason);
        out.json(now);
        out.good("Job " + Text.of(now, "job") + " goes on");
        out.field("next", Text.of(now, "next_at"));
        return ExitCodes.DONE;
    }
}
