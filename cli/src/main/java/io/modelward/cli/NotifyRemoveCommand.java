package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Removes a channel, with what waits to be sent over it.",
        footer = {"", "Example: modelward notify remove team"})
final class NotifyRemoveCommand extends ServerCommand {

    @Parameters(paramLabel = "CHANNEL", description = "as modelward notify list shows it")
    private String channel = "";

    @Override
    int run(ModelwardClient client, Out out) {
        client.notifications().remove(channel);
        out.json(Json.object());
        out.good("Channel " + channel + " is removed");
        return ExitCodes.DONE;
    }
}
