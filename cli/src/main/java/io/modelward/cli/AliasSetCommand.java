package io.modelward.cli;

import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "set", description = "Points an alias at a version.")
final class AliasSetCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(paramLabel = "ALIAS", description = "for example champion")
    private String alias = "";

    @Parameters(paramLabel = "VERSION", description = "1.1.0, or another selector")
    private String version = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private @Nullable String reason;

    @Option(
            names = "--if-match",
            paramLabel = "ETAG",
            description = "only if nobody changed it since: the etag that alias get showed")
    private @Nullable String ifMatch;

    @Override
    int run(ModelwardClient client, Out out) {
        Selector.parse(version);
        ApiResponse answer = client.setAlias(
                ModelName.parse(name),
                alias,
                version,
                Optional.ofNullable(reason),
                Optional.ofNullable(ifMatch).map(Etags::quoted));
        out.json(answer.json());
        out.good(alias + " of " + ModelName.parse(name) + " points to " + Text.of(answer.json(), "version"));
        out.field("digest", Text.of(answer.json(), "digest"));
        out.field("etag", answer.etag().orElse(""));
        return ExitCodes.DONE;
    }
}
