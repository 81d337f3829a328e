package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What changes of models and versions. Reached through {@link ModelwardClient#changes()}; throws as that does. A reason
 * is kept in the audit log; an empty one says nothing.
 */
public final class ModelCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;

    ModelCalls(Http http) {
        this.http = http;
    }

    /** Gives the model another name; answers the model. */
    public JsonNode rename(ModelName model, ModelName name, String reason) {
        return send("POST", at(model, Optional.empty(), "rename"), body(reason).put("name", name.toString()));
    }

    /** Describes the model, or one version of it; answers what was described. */
    public JsonNode describe(ModelName model, Optional<SemVer> version, String description, String reason) {
        return send("PUT", at(model, version, "description"), body(reason).put("description", description));
    }

    /** Sets a tag of the model, or of one version of it; answers what was tagged. */
    public JsonNode tag(ModelName model, Optional<SemVer> version, String key, String value, String reason) {
        return send("PUT", at(model, version, "tags").path(key), body(reason).put("value", value));
    }

    /** Removes a tag; one that is not there changes nothing. */
    public void untag(ModelName model, Optional<SemVer> version, String key, String reason) {
        http.delete(with(at(model, version, "tags").path(key), reason), READ, Map.of());
    }

    /** Deletes the model with its versions, or one version. */
    public void delete(ModelName model, Optional<SemVer> version, String reason) {
        http.delete(with(at(model, version), reason), READ, Map.of());
    }

    /** Brings back the model that was deleted last under this name, or one version; answers what was brought back. */
    public JsonNode undelete(ModelName model, Optional<SemVer> version, String reason) {
        return send("POST", at(model, version, "undelete"), body(reason));
    }

    private JsonNode send(String method, Address address, ObjectNode body) {
        return http.send(method, address, body, READ, Map.of()).json();
    }

    static ObjectNode body(String reason) {
        return reason.isEmpty() ? Json.object() : Json.object().put("reason", reason);
    }

    static Address with(Address address, String reason) {
        return reason.isEmpty() ? address : address.query("reason", reason);
    }

    private Address at(ModelName model, Optional<SemVer> version, String... more) {
        Address address = Address.of(http.base(), "api", "v1", "models", model.namespace(), model.name());
        version.ifPresent(number -> address.path("versions").path(number.toString()));
        for (String segment : more) {
            address.path(segment);
        }
        return address;
    }
}
