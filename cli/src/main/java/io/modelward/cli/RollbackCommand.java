package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "rollback",
        description = {
            "Moves all traffic of an endpoint back at once, to the version that was live before, with its contract.",
            "The same command again goes further back, never forward; exit code 5 when nothing older was live."
        })
final class RollbackCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "for example iris")
    private String endpoint = "";

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
        JsonNode moved = options.moved(
                endpoint,
                () -> client.rollback(endpoint, options.call(Optional.empty(), Optional.empty(), Optional.of(reason))));
        out.json(moved);
        MoveOptions.tell(out, moved, "is back on");
        return ExitCodes.DONE;
    }
}
