package io.modelward.pages.live;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.server.http.EventStream;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stream of events of a browser: at most one message a second, with the parts that have changed. The browser's tabs
 * share the stream.
 */
public final class LiveEvents {

    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int MOST_TOPICS = 64;
    private static final int SILENT_PER_COMMENT = 10;

    private final LiveParts parts;

    /** @param topics by their kind */
    public LiveEvents(Map<String, LiveTopic> topics, LongSupplier nanos) {
        this.parts = new LiveParts(topics, nanos);
    }

    public void open(HttpRoute.Table routes) {
        routes.stream("GET", "/ui/events", Action.READ, this::events);
    }

    private void events(Exchange exchange, EventStream events) throws IOException, InterruptedException {
        List<String> topics = exchange.queries("topic").stream().distinct().toList();
        if (topics.isEmpty() || topics.size() > MOST_TOPICS) {
            throw ProblemException.invalid("topic", "Name 1 to " + MOST_TOPICS + " topics.");
        }
        Map<String, String> shown = new HashMap<>();
        int silent = 0;
        events.comment("open");
        do {
            ObjectNode news = Json.object();
            for (String topic : topics) {
                Optional<String> html = parts.html(topic);
                if (html.isPresent() && !html.get().equals(shown.get(topic))) {
                    news.put(topic, html.get());
                    shown.put(topic, html.get());
                }
            }
            if (!news.isEmpty()) {
                events.event("live", news);
                silent = 0;
            } else if (++silent % SILENT_PER_COMMENT == 0) {
                events.comment("nothing new");
            }
        } while (events.pause(BETWEEN));
    }
}
