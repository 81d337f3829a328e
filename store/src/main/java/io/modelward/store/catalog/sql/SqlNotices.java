package io.modelward.store.catalog.sql;

import io.modelward.core.json.Json;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How notices stand in columns. */
final class SqlNotices {

    private SqlNotices() {}

    static String facts(Map<String, String> facts) {
        ObjectNode json = Json.object();
        facts.forEach(json::put);
        return Json.write(json);
    }

    static Map<String, String> facts(JsonNode json) {
        Map<String, String> facts = new LinkedHashMap<>();
        json.properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asString()));
        return facts;
    }

    /** A notice as one text, but for event, title and time, which have columns of their own. */
    static String rest(Notice notice) {
        ObjectNode json = Json.object()
                .put("subject", notice.subject())
                .put("text", notice.text())
                .put("path", notice.path());
        notice.model().ifPresent(model -> json.put("model", model));
        notice.endpoint().ifPresent(endpoint -> json.put("endpoint", endpoint));
        ObjectNode facts = json.putObject("facts");
        notice.facts().forEach(facts::put);
        return Json.write(json);
    }

    static Notice notice(NotificationEvent event, String title, Instant at, String rest) {
        JsonNode json = Json.parse(rest, "notice");
        return new Notice(
                event,
                json.path("subject").asString(),
                Optional.ofNullable(json.get("model")).map(JsonNode::asString),
                Optional.ofNullable(json.get("endpoint")).map(JsonNode::asString),
                title,
                json.path("text").asString(),
                facts(json.path("facts")),
                at,
                json.path("path").asString());
    }
}
