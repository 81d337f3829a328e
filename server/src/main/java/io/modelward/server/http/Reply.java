package io.modelward.server.http;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An answer that is JSON or nothing. */
public record Reply(int status, Map<String, String> headers, Optional<JsonNode> body) {

    public static Reply ok(JsonNode body) {
        return new Reply(200, Map.of(), Optional.of(body));
    }

    public static Reply of(int status, JsonNode body) {
        return new Reply(status, Map.of(), Optional.of(body));
    }

    public static Reply nothing() {
        return new Reply(204, Map.of(), Optional.empty());
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new java.util.LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }
}
