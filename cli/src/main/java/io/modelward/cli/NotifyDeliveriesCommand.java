package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "deliveries",
        description = "Lists what a channel was to be told of, and what became of it, newest first.",
        footer = {"", "Example: modelward notify deliveries team"})
final class NotifyDeliveriesCommand extends ServerCommand {

    @Parameters(paramLabel = "CHANNEL", description = "as modelward notify list shows it")
    private String channel = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode deliveries = client.notifications().deliveries(channel, Limits.checked(limit));
        out.json(deliveries);
        if (deliveries.path("deliveries").isEmpty()) {
            out.line("Nothing yet.");
            return ExitCodes.DONE;
        }
        Table table = new Table("AT", "EVENT", "~WHAT", "STATE", "?~ERROR");
        deliveries
                .path("deliveries")
                .forEach(delivery -> table.row(
                        Text.time(delivery, "at"),
                        Text.of(delivery, "event"),
                        Text.of(delivery, "title"),
                        Text.of(delivery.path("message"), "state"),
                        Text.of(delivery.path("message"), "error")));
        out.table(table);
        Limits.tellMore(out, deliveries, limit);
        return ExitCodes.DONE;
    }
}
