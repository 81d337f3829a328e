package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where an endpoint is to go.
 *
 * @param model needed for a new endpoint; else the model that it serves
 * @param version a selector; not for a rollback
 * @param expectedRevision refuses the move when another revision is current by then
 * @param changeContract lets the move change what callers rely on
 * @param evaluate {@code auto} or {@code off}; empty: as it was
 */
public record MoveCall(
        Optional<ModelName> model,
        Optional<String> version,
        Optional<String> reason,
        OptionalLong expectedRevision,
        boolean changeContract,
        Optional<String> evaluate) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        model.ifPresent(name -> json.put("model", name.toString()));
        version.ifPresent(selector -> json.put("version", selector));
        reason.ifPresent(text -> json.put("reason", text));
        expectedRevision.ifPresent(revision -> json.put("expected_revision", revision));
        if (changeContract) {
            json.put("change_contract", true);
        }
        evaluate.ifPresent(word -> json.put("evaluate", word));
        return json;
    }
}
