package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an endpoint is to be moved to, and how.
 *
 * @param model needed when it is not the model that the endpoint serves
 * @param candidate a selector
 * @param plan the members of a plan that are not left to the server's defaults
 * @param supersede takes the place of a rollout that is at work, instead of waiting for its end
 * @param expectedRevision refuses the rollout when another route revision is current by then
 */
public record RolloutCall(
        Optional<ModelName> model,
        String candidate,
        JsonNode plan,
        boolean supersede,
        OptionalLong expectedRevision,
        Optional<String> reason) {

    ObjectNode json() {
        ObjectNode json = Json.object().put("candidate", candidate);
        model.ifPresent(name -> json.put("model", name.toString()));
        plan.properties().forEach(member -> json.set(member.getKey(), member.getValue()));
        if (supersede) {
            json.put("supersede", true);
        }
        expectedRevision.ifPresent(revision -> json.put("expected_revision", revision));
        reason.ifPresent(text -> json.put("reason", text));
        return json;
    }
}
