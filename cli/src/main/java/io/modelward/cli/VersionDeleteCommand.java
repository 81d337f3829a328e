package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Deletes a version, unless an endpoint serves it. undelete brings the version back, but not its aliases.")
final class VersionDeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "REFERENCE", description = "the exact version, iris@1.2.0")
    private String reference = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Reference of = Reference.parse(reference);
        SemVer version = Versions.exact(of);
        client.changes().delete(of.model(), Optional.of(version), reason);
        out.json(Json.object());
        out.good(of.model() + "@" + version + " is deleted");
        return ExitCodes.DONE;
    }
}
