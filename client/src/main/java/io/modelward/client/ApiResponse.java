package io.modelward.client;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the server answered.
 *
 * @param status the HTTP status, below 300
 * @param etag for {@code If-Match}, where the answer has one
 */
public record ApiResponse(int status, JsonNode json, Optional<String> etag) {

    /** Whether this request made something new; else it was there already. */
    public boolean created() {
        return status == 201;
    }
}
