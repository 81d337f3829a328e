package io.modelward.core.notification;

import io.modelward.core.json.Json;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what is sent, in the form of each kind of channel. */
public final class MessageContent {

    /** Slack refuses a section of more than 3000 characters, and a text of more than 40000. */
    private static final int LONGEST_SECTION = 2900;

    private MessageContent() {}

    /** A mail, without its addresses. */
    public record Mail(String subject, String text) {}

    /**
     * What is kept and sent.
     *
     * @param id of the message
     * @param channel the name of the channel
     */
    public static String write(ChannelKind kind, String id, String channel, MessageText text, Instant at) {
        return Json.write(
                switch (kind) {
                    case WEBHOOK -> json(id, channel, text, at);
                    case SLACK -> slack(text);
                    case EMAIL -> mail(channel, text);
                });
    }

    private static ObjectNode json(String id, String channel, MessageText text, Instant at) {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("channel", channel)
                .put("event", text.event().map(NotificationEvent::label).orElse("summary"))
                .put("title", text.title())
                .put("text", String.join("\n", text.lines()))
                .put("link", text.link())
                .put("timestamp", at.toString())
                .put("count", text.total());
        ObjectNode counts = json.putObject("counts");
        text.counts().forEach((event, count) -> counts.put(event.label(), count));
        ArrayNode notices = json.putArray("notices");
        text.notices().forEach(notice -> notices.add(json(notice)));
        return json;
    }

    private static ObjectNode json(Notice notice) {
        ObjectNode json = Json.object()
                .put("event", notice.event().label())
                .put("subject", notice.subject())
                .put("title", notice.title())
                .put("text", notice.text())
                .put("at", notice.at().toString())
                .put("path", notice.path());
        notice.model().ifPresent(model -> json.put("model", model));
        notice.endpoint().ifPresent(endpoint -> json.put("endpoint", endpoint));
        ObjectNode facts = json.putObject("facts");
        notice.facts().forEach(facts::put);
        return json;
    }

    private static ObjectNode slack(MessageText text) {
        String title = escaped(text.title(), Notice.LONGEST_TITLE);
        ObjectNode json = Json.object().put("text", title);
        ArrayNode blocks = json.putArray("blocks");
        section(blocks, "*" + title.replace("*", "∗") + "*");
        section(blocks, escaped(String.join("\n", text.lines()), LONGEST_SECTION));
        String link = escaped(text.link(), LONGEST_SECTION);
        section(blocks, text.link().startsWith("http") ? "<" + link.replace("|", "%7C") + ">" : link);
        return json;
    }

    private static void section(ArrayNode blocks, String text) {
        blocks.addObject()
                .put("type", "section")
                .putObject("text")
                .put("type", "mrkdwn")
                .put("text", text)
                // Names of channels and people in a text of anybody call nobody.
                .put("verbatim", true);
    }

    /** Slack reads & < > as its own; nothing else needs to be written otherwise. An escape is never cut. */
    static String escaped(String text, int longest) {
        StringBuilder escaped = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            String piece = switch (codePoint) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                default -> Character.toString(codePoint);
            };
            if (escaped.length() + piece.length() > longest - 1) {
                return escaped.append('…').toString();
            }
            escaped.append(piece);
            at += Character.charCount(codePoint);
        }
        return escaped.toString();
    }

    private static ObjectNode mail(String channel, MessageText text) {
        return Json.object()
                .put("subject", "[Modelward] " + text.title())
                .put(
                        "text",
                        text.title() + "\n\n" + String.join("\n", text.lines()) + "\n\n" + text.link()
                                + "\n\n-- \nThis mail was sent by the notification channel " + channel
                                + " of Modelward.\n");
    }

    /** Reads a mail back. */
    public static Mail mail(String content) {
        JsonNode json = Json.parse(content, "content");
        return new Mail(json.path("subject").asString(), json.path("text").asString());
    }
}
