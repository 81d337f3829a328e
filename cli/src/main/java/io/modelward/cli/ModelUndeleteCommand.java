package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "undelete", description = "Brings back the model that was deleted last under a name.")
final class ModelUndeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode model = client.changes().undelete(ModelName.parse(name), Optional.empty(), reason);
        out.json(model);
        out.good(Text.of(model, "model") + " is back, with "
                + Text.plural(model.path("versions").asLong(0), "version"));
        return ExitCodes.DONE;
    }
}
