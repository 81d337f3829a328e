package io.modelward.client;

import io.modelward.core.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a draft is to be published as. Without a version and a bump the card's version is used.
 *
 * @param bump {@code patch}, {@code minor}, {@code major} or {@code auto}
 * @param overrideReason why what could not be decided to be compatible shall pass
 */
public record PublishCall(
        JsonNode card,
        Optional<String> version,
        Optional<String> bump,
        Optional<String> reason,
        Optional<String> overrideReason) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        version.ifPresent(text -> json.put("version", text));
        bump.ifPresent(text -> json.put("bump", text));
        reason.ifPresent(text -> json.put("reason", text));
        overrideReason.ifPresent(text -> json.put("override_reason", text));
        json.set("card", card);
        return json;
    }
}
