package io.modelward.core.notification;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that people may want to be told of. The texts may come from anybody: making a notice never fails, but makes
 * each text one line that can be kept and shown, and cuts what is too long.
 *
 * @param subject what it is about, such as {@code job:default/iris-weekly}; notices of one event and one subject are
 *     grouped
 * @param model as {@code namespace/name}, when it is about a model
 * @param endpoint when it is about an endpoint
 * @param title a short sentence without a full stop
 * @param text what happened and what to do, in sentences; may be empty
 * @param facts names and values, in order
 * @param path of the page beneath the server's address, such as {@code /ui/rollouts/7}
 */
public record Notice(
        NotificationEvent event,
        String subject,
        Optional<String> model,
        Optional<String> endpoint,
        String title,
        String text,
        Map<String, String> facts,
        Instant at,
        String path) {

    /** In characters. */
    public static final int LONGEST_TITLE = 200;

    private static final int LONGEST_TEXT = 2000;
    private static final int LONGEST_FACT = 500;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_FACTS = 12;

    public Notice {
        subject = NoticeText.line(subject, LONGEST_TITLE);
        model = model.map(name -> NoticeText.line(name, LONGEST_TITLE));
        endpoint = endpoint.map(name -> NoticeText.line(name, LONGEST_TITLE));
        title = NoticeText.line(title, LONGEST_TITLE);
        text = NoticeText.line(text, LONGEST_TEXT);
        path = NoticeText.line(path, LONGEST_FACT);
        Map<String, String> kept = new LinkedHashMap<>();
        facts.forEach((name, value) -> {
            if (kept.size() < MOST_FACTS) {
                kept.put(NoticeText.line(name, LONGEST_NAME), NoticeText.line(value, LONGEST_FACT));
            }
        });
        facts = Collections.unmodifiableMap(kept);
    }

    /** A notice about no model and no endpoint, without facts. */
    public static Notice of(
            NotificationEvent event, String subject, String title, String text, Instant at, String path) {
        return new Notice(event, subject, Optional.empty(), Optional.empty(), title, text, Map.of(), at, path);
    }

    /** @param name as {@code namespace/name} */
    public Notice aboutModel(String name) {
        return new Notice(event, subject, Optional.of(name), endpoint, title, text, facts, at, path);
    }

    public Notice aboutEndpoint(String name) {
        return new Notice(event, subject, model, Optional.of(name), title, text, facts, at, path);
    }

    public Notice fact(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(name, value);
        return new Notice(event, subject, model, endpoint, title, text, more, at, path);
    }
}
