package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "flip",
        description =
                "Moves all traffic of an endpoint to a version at once; answers when it is loaded, warm and serving.")
final class FlipCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "for example iris")
    private String endpoint = "";

    @Parameters(paramLabel = "VERSION", description = "1.1.0, another selector, or iris@1.1.0")
    private String version = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for those who look later (required)")
    private String reason = "";

    @Mixin
    private MoveOptions options = new MoveOptions();

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode moved =
                options.moved(endpoint, () -> client.flip(endpoint, options.call(version, Optional.of(reason))));
        out.json(moved);
        MoveOptions.tell(out, moved, "now serves");
        return ExitCodes.DONE;
    }
}
