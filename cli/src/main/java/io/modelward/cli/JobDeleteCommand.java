package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Forgets a job; its runs and what they published stay.")
final class JobDeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        client.jobs().delete(job, reason);
        out.json(Json.object());
        out.good("Job " + job + " is deleted");
        return ExitCodes.DONE;
    }
}
