package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "undelete", description = "Brings back a version that was deleted.")
final class VersionUndeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "REFERENCE", description = "the exact version, iris@1.2.0")
    private String reference = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Reference of = Reference.parse(reference);
        SemVer version = Versions.exact(of);
        JsonNode found = client.changes().undelete(of.model(), Optional.of(version), reason);
        out.json(found);
        out.good(of.model() + "@" + version + " is back");
        return ExitCodes.DONE;
    }
}
