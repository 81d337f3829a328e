package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Lists the channels, by name.",
        footer = {"", "Example: modelward notify list"})
final class NotifyListCommand extends ServerCommand {

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode channels = client.notifications().channels();
        out.json(channels);
        if (channels.path("channels").isEmpty()) {
            out.line("There is no channel. Make one: modelward notify add NAME --email ADDRESS");
            return ExitCodes.DONE;
        }
        Table table = new Table("NAME", "KIND", "~TARGET", "?~EVENTS", "WAITING", "LAST");
        channels.path("channels")
                .forEach(channel -> table.row(
                        Text.of(channel, "name"),
                        Text.of(channel, "kind"),
                        Text.of(channel, "target"),
                        channel.path("events").isEmpty() ? "all" : Show.joined(channel.path("events")),
                        channel.at("/messages/waiting").asString("0"),
                        channel.at("/messages/last/state").asString("")));
        out.table(table);
        return ExitCodes.DONE;
    }
}
