package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "describe", description = "Says what a model is for.")
final class ModelDescribeCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(paramLabel = "TEXT", description = "the description; an empty one removes it")
    private String text = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode model = client.changes().describe(ModelName.parse(name), Optional.empty(), text, reason);
        out.json(model);
        out.good(Text.of(model, "model") + " is described");
        return ExitCodes.DONE;
    }
}
