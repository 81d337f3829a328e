package io.modelward.registry.webhook;

import io.modelward.core.json.Json;
import io.modelward.core.webhook.Event;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events that are to be sent, in the transaction of the change that they tell of. So the event of an undone
 * change does not exist, and the event of a kept change is sent, whatever happens to the server. Nothing is sent here.
 */
final class Outbox {

    /** How many deliveries of one webhook may wait. */
    static final long MOST_WAITING = 10_000;

    /** In characters; tags that people put on a version have no such bound. */
    private static final int LONGEST = 256 << 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    private Outbox() {}

    /** The data are made only when somebody wants the event. */
    static void put(CatalogTransaction tx, Instant at, Event event, Supplier<ObjectNode> data) {
        List<String> webhooks = tx.webhooks().wanting(event);
        if (!webhooks.isEmpty()) {
            String body = body(event, at, data.get());
            webhooks.forEach(webhook -> tx.deliveries().add(webhook, event, body, at, MOST_WAITING));
        }
    }

    /** The body to post. When the data are too long, the tags are left out, and a member says so. */
    static String body(Event event, Instant at, ObjectNode data) {
        ObjectNode json = Json.object();
        if (event.own()) {
            json.put("event", event.label());
        }
        json.put("entity", event.entity()).put("action", event.action()).put("timestamp", TIME.format(at));
        json.set("data", data);
        String body = Json.write(json);
        if (body.length() > LONGEST && data.has("tags")) {
            data.putObject("tags");
            data.put("tags_left_out", true);
            body = Json.write(json);
        }
        return body;
    }
}
