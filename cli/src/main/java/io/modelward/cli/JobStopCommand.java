package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "stop", description = "Tells a run to end; one that waits never begins.")
final class JobStopCommand extends ServerCommand {

    @Parameters(paramLabel = "RUN", description = "its id, as the list of runs has it")
    private String run = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode now = client.jobs().stop(run, reason);
        out.json(now);
        JobWords.tell(out, now);
        return ExitCodes.DONE;
    }
}
