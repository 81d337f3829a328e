package io.modelward.client;

import io.modelward.core.json.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token to be made.
 *
 * @param scopes what the role is for, each as {@code model:default/iris*}
 * @param expires a duration such as {@code 90d}, or a time; empty: as the server has it
 * @param owner {@code service:NAME}; empty: whoever asks
 */
public record TokenCall(
        String name, String role, List<String> scopes, Optional<String> expires, Optional<String> owner) {

    ObjectNode json() {
        ObjectNode body = Json.object().put("name", name);
        ArrayNode grants = body.putArray("grants");
        scopes.forEach(scope -> grants.addObject().put("role", role).put("scope", scope));
        expires.ifPresent(text -> body.put("expires", text));
        owner.ifPresent(text -> body.put("owner", text));
        return body;
    }
}
