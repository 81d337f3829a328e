package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.problem.ProblemException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "test",
        description = "Sends a test over a channel now, and says whether it arrived.",
        footer = {"", "Example: modelward notify test team"})
final class NotifyTestCommand extends ServerCommand {

    @Parameters(paramLabel = "CHANNEL", description = "as modelward notify list shows it")
    private String channel = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode result = client.notifications().test(channel);
        if (!result.path("delivered").asBoolean(false)) {
            throw ProblemException.conflict("The test was not delivered: " + Text.of(result, "error"));
        }
        out.json(result);
        out.good("The test was delivered");
        return ExitCodes.DONE;
    }
}
