package io.modelward.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An answer that is JSON or nothing.
 *
 * @param writer writes JSON that is too large to hold; instead of {@code body}
 */
public record Reply(int status, Map<String, String> headers, Optional<JsonNode> body, Optional<Writer> writer) {

    /** Writes a body piece by piece; may block. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** JSON that is written as it is made. What fails after the first byte cuts the connection. */
    public static Reply written(Writer writer) {
        return new Reply(200, Map.of(), Optional.empty(), Optional.of(writer));
    }

    public static Reply ok(JsonNode body) {
        return new Reply(200, Map.of(), Optional.of(body), Optional.empty());
    }

    public static Reply of(int status, JsonNode body) {
        return new Reply(status, Map.of(), Optional.of(body), Optional.empty());
    }

    public static Reply nothing() {
        return new Reply(204, Map.of(), Optional.empty(), Optional.empty());
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new java.util.LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body, writer);
    }
}
