package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "logs", description = "Writes what a run of a job wrote.")
final class JobLogsCommand extends ServerCommand {

    @Parameters(paramLabel = "RUN", description = "its id, as the list of runs has it")
    private String run = "";

    @Option(names = "--follow", description = "go on until the run has ended (default: no)")
    private boolean follow;

    @Override
    int run(ModelwardClient client, Out out) {
        if (follow) {
            return JobWords.follow(client, out, run);
        }
        JobWords.LogLines lines = new JobWords.LogLines(out);
        long from = 0;
        while (true) {
            JsonNode piece = client.jobs().log(run, from);
            if (out.isJson()) {
                out.json(piece);
                return ExitCodes.DONE;
            }
            lines.add(piece.path("text").asString(""));
            long next = piece.path("next").asLong(from);
            if (piece.path("ended").asBoolean(false) || next == from) {
                lines.end();
                return ExitCodes.DONE;
            }
            from = next;
        }
    }
}
