package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "describe", description = "Says what a version is about.")
final class VersionDescribeCommand extends ServerCommand {

    @Parameters(paramLabel = "REFERENCE", description = "iris@1.2.0, iris@champion, …")
    private String reference = "";

    @Parameters(paramLabel = "TEXT", description = "the description; an empty one removes it")
    private String text = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Reference of = Reference.parse(reference);
        SemVer version = Versions.resolve(client, of);
        JsonNode found = client.changes().describe(of.model(), Optional.of(version), text, reason);
        out.json(found);
        out.good(of.model() + "@" + version + " is described");
        return ExitCodes.DONE;
    }
}
