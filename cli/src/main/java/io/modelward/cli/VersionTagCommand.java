package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "tag", description = "Sets and removes tags of a version.")
final class VersionTagCommand extends ServerCommand {

    @Parameters(paramLabel = "REFERENCE", description = "iris@1.2.0, iris@champion, …")
    private String reference = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "tags to set")
    private List<String> set = List.of();

    @Option(names = "--remove", paramLabel = "KEY", description = "a tag to remove; may be repeated")
    private List<String> removed = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Reference of = Reference.parse(reference);
        SemVer version = Versions.resolve(client, of);
        Tags.change(client, of.model(), Optional.of(version), set, removed, reason);
        JsonNode now = client.version(of.model(), version);
        out.json(now);
        out.good("the tags of " + of.model() + "@" + version + " are changed");
        out.field("tags", Show.members(now.path("tags"), Integer.MAX_VALUE));
        return ExitCodes.DONE;
    }
}
