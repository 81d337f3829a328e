package io.modelward.cli;

import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.core.version.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = "Creates an endpoint, or moves it; answers when the version is loaded, warm and serving.")
final class EndpointCreateCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Parameters(paramLabel = "REFERENCE", description = "what serves it, for example iris@1.0.0")
    private String reference = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private @Nullable String reason;

    @Mixin
    private MoveOptions options = new MoveOptions();

    @Override
    int run(ModelwardClient client, Out out) {
        Reference serving = Reference.parse(reference);
        ApiResponse answer = client.putEndpoint(
                endpoint,
                options.call(
                        Optional.of(serving.model()),
                        Optional.of(serving.selector().toString()),
                        Optional.ofNullable(reason)));
        out.json(answer.json());
        MoveOptions.tell(out, answer.json(), answer.created() ? "was created and serves" : "serves");
        return ExitCodes.DONE;
    }
}
