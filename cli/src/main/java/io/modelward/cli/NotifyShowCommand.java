package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "show",
        description = "Shows a channel and how its last message went.",
        footer = {"", "Example: modelward notify show team"})
final class NotifyShowCommand extends ServerCommand {

    @Parameters(paramLabel = "CHANNEL", description = "as modelward notify list shows it")
    private String channel = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode shown = client.notifications().channel(channel);
        out.json(shown);
        out.line(Text.of(shown, "name") + ": " + Text.of(shown, "kind") + " to " + Text.of(shown, "target"));
        out.line("events: " + all(shown, "events"));
        out.line("models: " + all(shown, "models"));
        out.line("endpoints: " + all(shown, "endpoints"));
        if (shown.has("quiet")) {
            out.line("quiet: " + Text.of(shown, "quiet") + " " + Text.of(shown, "timezone"));
        }
        out.line("repeat: " + Text.of(shown, "repeat"));
        JsonNode last = shown.at("/messages/last");
        if (!last.isMissingNode()) {
            String error = Text.of(last, "error");
            out.line("last message: " + Text.of(last, "state") + (error.isEmpty() ? "" : ": " + error));
        }
        return ExitCodes.DONE;
    }

    private static String all(JsonNode shown, String list) {
        return shown.path(list).isEmpty() ? "all" : Show.joined(shown.path(list));
    }
}
