package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Takes an alias away; its history is kept.")
final class AliasDeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(paramLabel = "ALIAS", description = "for example champion")
    private String alias = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private @Nullable String reason;

    @Option(
            names = "--if-match",
            paramLabel = "ETAG",
            description = "only if nobody changed it since (default: not checked)")
    private @Nullable String ifMatch;

    @Override
    int run(ModelwardClient client, Out out) {
        client.deleteAlias(
                ModelName.parse(name),
                alias,
                Optional.ofNullable(reason),
                Optional.ofNullable(ifMatch).map(Etags::quoted));
        out.json(Json.object());
        out.good(alias + " of " + ModelName.parse(name) + " is gone");
        return ExitCodes.DONE;
    }
}
