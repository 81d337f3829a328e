package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "rename", description = "Gives a model another name; what serves goes on.")
final class ModelRenameCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(paramLabel = "NEW", description = "the new name")
    private String to = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        ModelName from = ModelName.parse(name);
        JsonNode model = client.changes().rename(from, ModelName.parse(to), reason);
        out.json(model);
        out.good(from + " is " + Text.of(model, "model") + " now");
        return ExitCodes.DONE;
    }
}
