package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "add",
        description = "Makes a channel. Give one of --webhook, --slack and --email.",
        footer = {
            "",
            "Examples:",
            "  modelward notify add team --slack https://hooks.slack.com/services/… --event rollout.held",
            "  modelward notify add ops --email ops@example.org --quiet 22:00-07:00 --timezone Europe/Berlin"
        })
final class NotifyAddCommand extends ServerCommand {

    @Parameters(paramLabel = "CHANNEL", description = "its name: a-z, 0-9, dots, underscores and hyphens")
    private String channel = "";

    @Option(names = "--webhook", paramLabel = "URL", description = "post JSON to this URL (default: no webhook)")
    private String webhook = "";

    @Option(
            names = "--slack",
            paramLabel = "URL",
            description = "post to this incoming webhook of Slack (default: no Slack)")
    private String slack = "";

    @Option(names = "--email", paramLabel = "ADDRESS", description = "send mails to this address (default: no mail)")
    private String email = "";

    @Option(
            names = "--secret",
            paramLabel = "TEXT",
            description = "sign what is posted to the webhook (default: nothing is signed)")
    private String secret = "";

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            description = "only this event, such as job.failed; may be repeated (default: all events)")
    private List<String> events = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "only of this model, or team/* for a namespace; may be repeated (default: of all)")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--endpoint",
            paramLabel = "NAME",
            description = "only of this endpoint; may be repeated (default: of all)")
    private List<String> endpoints = new ArrayList<>();

    @Option(
            names = "--quiet",
            paramLabel = "FROM-UNTIL",
            description = "send only what is urgent then, such as 22:00-07:00 (default: no quiet hours)")
    private String quiet = "";

    @Option(names = "--timezone", paramLabel = "ZONE", description = "of the quiet hours (default: UTC)")
    private String timezone = "";

    @Option(
            names = "--repeat",
            paramLabel = "DURATION",
            description = "for how long the same is only counted (default: ${DEFAULT-VALUE})")
    private String repeat = "1h";

    @Override
    int run(ModelwardClient client, Out out) {
        ObjectNode json = Json.object().put("name", channel);
        put(json, "webhook", webhook);
        put(json, "slack", slack);
        put(json, "email", email);
        put(json, "secret", secret);
        put(json, "quiet", quiet);
        put(json, "timezone", timezone);
        put(json, "repeat", repeat);
        events.forEach(json.putArray("events")::add);
        models.forEach(json.putArray("models")::add);
        endpoints.forEach(json.putArray("endpoints")::add);
        JsonNode made = client.notifications().add(json);
        out.json(made);
        out.good("Channel " + Text.of(made, "name") + " tells " + Text.of(made, "target"));
        return ExitCodes.DONE;
    }

    private static void put(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
