package io.modelward.core.notification;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a message says, in plain text.
 *
 * @param event the one event of all its notices; empty when they have several
 * @param title a line
 * @param lines what follows the title
 * @param link to the page of it: an address, or a path when the server does not know its own address
 * @param counts how many notices of each event are in it
 * @param notices the newest ones, newest first
 */
public record MessageText(
        Optional<NotificationEvent> event,
        String title,
        List<String> lines,
        String link,
        Map<NotificationEvent, Long> counts,
        long total,
        List<Notice> notices) {

    /** How many notices of a message are named in it. */
    public static final int NAMED = 20;

    /**
     * Writes a message.
     *
     * @param channel the name of the channel
     * @param counts of all notices but those that are left out
     * @param newest notices of the message, newest first, one at least
     * @param address of the server, without a slash at the end; may be empty
     */
    public static MessageText of(
            NotificationMessage message,
            String channel,
            Map<NotificationEvent, Long> counts,
            List<Notice> newest,
            String address) {
        long total = Math.max(1, message.deliveries() + message.leftOut());
        Notice last = newest.getFirst();
        boolean repeats = message.kind() == MessageKind.REPEATS;
        if (total > 1 && !repeats) {
            return summary(channel, message.kind(), counts, total, newest, address);
        }
        String title = repeats ? (total == 1 ? "Again: " : total + " more times: ") + last.title() : last.title();
        List<String> lines = new ArrayList<>();
        if (!last.text().isEmpty()) {
            lines.add(last.text());
        }
        last.model().ifPresent(model -> lines.add("Model: " + model));
        last.endpoint().ifPresent(endpoint -> lines.add("Endpoint: " + endpoint));
        last.facts().forEach((name, value) -> lines.add(name + ": " + value));
        lines.add((repeats && total > 1 ? "Last at: " : "At: ") + last.at());
        return new MessageText(Optional.of(last.event()), title, lines, address + last.path(), counts, total, newest);
    }

    private static MessageText summary(
            String channel,
            MessageKind kind,
            Map<NotificationEvent, Long> counts,
            long total,
            List<Notice> newest,
            String address) {
        List<String> lines = new ArrayList<>();
        lines.add(
                kind == MessageKind.QUIET
                        ? "They came in the quiet hours of this channel."
                        : "They came after this channel had been sent as many messages as it is sent in an hour.");
        counts.forEach((event, count) -> lines.add(count + " × " + event.label() + " (" + event.words() + ")"));
        lines.add("The newest:");
        newest.forEach(notice -> lines.add(notice.at() + " " + notice.title()));
        if (total > newest.size()) {
            lines.add("and " + (total - newest.size()) + " more");
        }
        Optional<NotificationEvent> event =
                counts.size() == 1 ? Optional.of(newest.getFirst().event()) : Optional.empty();
        return new MessageText(
                event,
                total + " notifications",
                lines,
                address + "/ui/notifications/" + channel + "/deliveries",
                counts,
                total,
                newest);
    }
}
