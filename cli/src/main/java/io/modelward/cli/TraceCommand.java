package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "trace",
        description =
                "Tells which model answered a prediction, what it is made of, who published it and when it was live.")
final class TraceCommand extends ServerCommand {

    @Parameters(paramLabel = "ID", description = "the prediction's id")
    private String id = "";

    @Option(names = "--verify", description = "hash the stored bytes again; exit code 5 when they are damaged")
    private boolean verify;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode trace = client.trace(id, verify);
        out.json(trace);
        TraceStory.tell(out, trace);
        out.blank();
        if (trace.has("verification")) {
            out.title("Stored bytes");
            return Show.verification(out, trace.path("verification"));
        }
        out.line("The stored bytes were not looked at; --verify hashes them again.");
        return ExitCodes.DONE;
    }
}
