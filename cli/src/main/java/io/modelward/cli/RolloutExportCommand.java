package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a rollout's evidence: its plan, its verdict and every interval's counters.",
            "modelward rollout replay judges it again."
        })
final class RolloutExportCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT_OR_ID", description = "an endpoint, for its rollout at work, or a rollout's id")
    private String rollout = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "where to (default: the standard output)")
    private @Nullable Path output;

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        String id = RolloutIds.atWork(client, rollout);
        if (output == null) {
            out.raw(client.rollouts().evidence(id));
            return ExitCodes.DONE;
        }
        client.rollouts().evidence(id, output);
        long size = Files.size(output);
        out.json(Json.object().put("rollout", id).put("file", output.toString()).put("size", size));
        out.good("Wrote the evidence of rollout " + id + " to " + output + " (" + Sizes.human(size) + ")");
        return ExitCodes.DONE;
    }
}
