package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Deletes a model with its versions, unless one of them serves. undelete brings the model back.")
final class ModelDeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        ModelName model = ModelName.parse(name);
        client.changes().delete(model, Optional.empty(), reason);
        out.json(Json.object());
        out.good(model + " is deleted");
        return ExitCodes.DONE;
    }
}
