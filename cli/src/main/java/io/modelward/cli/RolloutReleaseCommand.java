package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.SemVer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "release", description = "Lets a version serve an endpoint again from which evidence rolled it back.")
final class RolloutReleaseCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Parameters(paramLabel = "VERSION", description = "an exact version, such as 1.1.0")
    private String version = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for those who look later (required)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        SemVer exact = SemVer.parse(version);
        JsonNode left = client.rollouts().release(endpoint, exact.toString(), reason);
        out.json(left);
        out.good("Version " + exact + " may serve endpoint " + endpoint + " again.");
        RolloutQuarantineCommand.tell(out, endpoint, left, Integer.MAX_VALUE);
        return ExitCodes.DONE;
    }
}
