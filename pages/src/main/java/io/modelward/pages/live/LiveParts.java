package io.modelward.pages.live;

import io.modelward.core.problem.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders the parts that are looked at, each at most once a second however many look at it. A topic is written
 * {@code kind:key}.
 */
final class LiveParts {

    /** A part is not rendered anew before this time has passed. */
    static final Duration FRESH = Duration.ofMillis(900);

    private static final Duration UNUSED = Duration.ofSeconds(30);

    private final Map<String, LiveTopic> topics;
    private final LongSupplier nanos;
    private final Map<String, Part> parts = new ConcurrentHashMap<>();

    LiveParts(Map<String, LiveTopic> topics, LongSupplier nanos) {
        this.topics = Map.copyOf(topics);
        this.nanos = nanos;
    }

    /** A part as it was rendered last. */
    private static final class Part {
        private @Nullable String html;
        private long at;
    }

    /** The part of a topic as HTML; empty when there is no such topic, or the caller may not see it. */
    Optional<String> html(String topic) {
        int colon = topic.indexOf(':');
        LiveTopic kind = colon < 0 ? null : topics.get(topic.substring(0, colon));
        String key = topic.substring(colon + 1);
        try {
            if (kind == null || !kind.visible(key)) {
                return Optional.empty();
            }
            return Optional.of(rendered(topic, kind, key));
        } catch (ProblemException gone) {
            parts.remove(topic);
            return Optional.empty();
        }
    }

    private String rendered(String topic, LiveTopic kind, String key) {
        Part part = parts.computeIfAbsent(topic, _ -> new Part());
        synchronized (part) {
            long now = nanos.getAsLong();
            String html = part.html;
            if (html == null || now - part.at >= FRESH.toNanos()) {
                html = kind.render(key);
                part.html = html;
                part.at = now;
                forget(now);
            }
            return html;
        }
    }

    /** Parts that nobody has looked at for a while go. */
    private void forget(long now) {
        parts.values().removeIf(part -> part.html != null && now - part.at > UNUSED.toNanos());
    }
}
