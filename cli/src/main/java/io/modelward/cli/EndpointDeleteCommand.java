package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Retires an endpoint: callers find the endpoint no more, and its workers end. Its history is kept.")
final class EndpointDeleteCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "only if this is the current route revision (default: whichever is)")
    private @Nullable Long expected;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        client.deleteEndpoint(
                endpoint,
                Optional.of(reason).filter(text -> !text.isEmpty()),
                expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
        out.json(Json.object());
        out.good("endpoint " + endpoint + " is deleted");
        return ExitCodes.DONE;
    }
}
