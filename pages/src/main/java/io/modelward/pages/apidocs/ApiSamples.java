package io.modelward.pages.apidocs;

import io.modelward.core.json.Json;
import io.modelward.pages.frame.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Lines for curl: each call with the fields that it needs. */
public final class ApiSamples {

    private static final String JSON = "application/json";

    /** What stands for the parts of addresses and for texts, by their names. */
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("namespace", "default"),
            Map.entry("name", "iris"),
            Map.entry("version", "1.0.0"),
            Map.entry("candidate", "1.1.0"),
            Map.entry("from", "1.0.0"),
            Map.entry("to", "1.1.0"),
            Map.entry("selector", "latest"),
            Map.entry("alias", "champion"),
            Map.entry("endpoint", "iris"),
            Map.entry("model", "iris"),
            Map.entry("experiment", "1"),
            Map.entry("path", "model.joblib"),
            Map.entry("subject", "group:research"),
            Map.entry("scope", "model:default/iris"),
            Map.entry("role", "reader"),
            Map.entry("action", "read"),
            Map.entry("on", "model:default/iris"),
            Map.entry("url", "https://example.org/hook"),
            Map.entry("reason", "better on wild flowers"),
            Map.entry("description", "Tells the species of an iris."),
            Map.entry("events", "rollout.held"),
            Map.entry("value", "flowers"));

    /** Whole values by the names of their members. */
    private static final Map<String, String> VALUES = Map.of(
            "instances", "[[5.1, 3.5, 1.4, 0.2]]", "card", "{\"description\": \"Tells the species of an iris.\"}");

    private final ApiSchemas schemas;

    ApiSamples(ApiSchemas schemas) {
        this.schemas = schemas;
    }

    /**
     * A call with curl.
     *
     * @param options what stands before the address; empty or with a space at its end
     * @param address path and query
     * @param body the JSON that is sent; empty: none
     */
    public record Sample(String options, String address, String body) {}

    Sample of(String method, String path, List<ApiCalls.Parameter> parameters, JsonNode body) {
        String address = path;
        List<String> query = new ArrayList<>();
        for (ApiCalls.Parameter one : parameters) {
            String value = TEXTS.getOrDefault(one.name(), one.name().toUpperCase(Locale.ROOT));
            if (one.where().equals("path")) {
                address = address.replace("{" + one.name() + "}", Words.path(value));
            } else if (one.where().equals("query") && one.needed()) {
                query.add(one.name() + "=" + Words.query(value));
            }
        }
        JsonNode json = body.path("content").path(JSON).path("schema");
        boolean bytes = body.path("content").has("application/octet-stream");
        String options = (method.equals("GET") || (method.equals("POST") && !json.isMissingNode())
                        ? ""
                        : bytes ? "" : "-X " + method + " ")
                + (bytes ? "-T " + TEXTS.get("path") + " " : "");
        String sent =
                json.isMissingNode() || !body.path("required").asBoolean(false) ? "" : Json.write(value("", json, 0));
        return new Sample(options, address + (query.isEmpty() ? "" : "?" + String.join("&", query)), sent);
    }

    private JsonNode value(String name, JsonNode given, int depth) {
        Optional<String> known = Optional.ofNullable(VALUES.get(name));
        if (known.isPresent()) {
            return Json.parse(known.get(), "sample");
        }
        JsonNode schema = schemas.resolved(given);
        if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        return switch (schema.path("type").asString("object")) {
            case "string" -> StringNode.valueOf(TEXTS.getOrDefault(name, "text"));
            case "integer", "number" -> Json.parse("1", "sample");
            case "boolean" -> Json.parse("true", "sample");
            case "array" -> {
                ArrayNode list = Json.array();
                yield depth > 3 ? list : list.add(value(name, schema.path("items"), depth + 1));
            }
            default -> object(schema, depth);
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode json = Json.object();
        for (JsonNode needed : schema.path("required")) {
            String member = needed.asString("");
            json.set(member, value(member, schema.path("properties").path(member), depth + 1));
        }
        return json;
    }
}
