package io.modelward.client;

import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Channels of notifications: which people are told of what. Reached through {@link ModelwardClient#notifications()};
 * throws as that does.
 */
public final class NotificationCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;
    private final ModelwardClient.Lists lists;

    NotificationCalls(Http http, ModelwardClient.Lists lists) {
        this.http = http;
        this.lists = lists;
    }

    /** {@code {"channels": […]}} by name. */
    public JsonNode channels() {
        return http.get(at(), READ).json();
    }

    public JsonNode channel(String name) {
        return http.get(at(name), READ).json();
    }

    /** @param channel with {@code name} and one of {@code webhook}, {@code slack} and {@code email} */
    public JsonNode add(ObjectNode channel) {
        return http.send("POST", at(), channel, READ, Map.of()).json();
    }

    /** Replaces all of a channel; its target and secret stay when none is given. */
    public JsonNode replace(String name, ObjectNode channel) {
        return http.send("PUT", at(name), channel, READ, Map.of()).json();
    }

    public void remove(String name) {
        http.delete(at(name), READ, Map.of());
    }

    /** Sends a test now; the answer has {@code delivered}, and {@code error} when it was not. */
    public JsonNode test(String name) {
        return http.send("POST", at(name, "test"), Json.object(), READ, Map.of())
                .json();
    }

    /** {@code {"deliveries": […]}}, newest first. */
    public JsonNode deliveries(String name, int limit) {
        return lists.all(() -> at(name, "deliveries"), "deliveries", limit);
    }

    private Address at(String... segments) {
        return Address.of(
                http.base(),
                Stream.concat(Stream.of("api", "v1", "notifications", "channels"), Stream.of(segments))
                        .toArray(String[]::new));
    }
}
