package io.modelward.gateway.predict;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.route.ArmRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Requests as a caller with JSON makes them, without a limit on memory. */
public final class Request {

    private Request() {}

    /** An ordinary one. */
    public static PredictRequest of(String endpoint, byte[] body) {
        return of(endpoint, body, Optional.empty(), true);
    }

    /** With an arm that must answer, and whether it may be evidence. */
    public static PredictRequest of(String endpoint, byte[] body, Optional<ArmRole> pinned, boolean counted) {
        return new PredictRequest(
                endpoint,
                contract -> {
                    JsonNode json = Json.parse(body, "body");
                    List<JsonNode> rows = new ArrayList<>();
                    json.path("instances").forEach(row -> {
                        contract.check().check(row, rows.size());
                        rows.add(row);
                    });
                    return new PredictRequest.Rows(
                            contract.reader().read(rows),
                            Optional.ofNullable(json.path("key").stringValue(null)),
                            List.of());
                },
                pinned,
                counted,
                Digest.of(body),
                MemoryShare.unlimited().open("an answer"));
    }
}
