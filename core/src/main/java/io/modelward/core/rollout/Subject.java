package io.modelward.core.rollout;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.route.Arm;
import io.modelward.core.route.Role;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A version that takes part in a rollout.
 *
 * @param model the name that the model had when this was written
 */
public record Subject(ModelId id, ModelName model, SemVer version, Digest digest) {

    /** The version that an arm names. */
    public static Subject of(Arm arm) {
        return new Subject(arm.id(), arm.model(), arm.version(), arm.digest());
    }

    public Arm arm(int weight, Role role) {
        return new Arm(id, model, version, digest, weight, role);
    }

    Subject named(ModelName now) {
        return new Subject(id, now, version, digest);
    }

    /** {@code namespace/name@version}. */
    public String reference() {
        return model + "@" + version;
    }

    ObjectNode toJson() {
        return Json.object()
                .put("model_id", id.value())
                .put("model", model.toString())
                .put("version", version.toString())
                .put("digest", digest.toString());
    }

    static Subject fromJson(JsonNode json) {
        return new Subject(
                new ModelId(json.path("model_id").asLong(0)),
                ModelName.parse(json.path("model").stringValue("")),
                SemVer.parse(json.path("version").stringValue("")),
                Digest.parse(json.path("digest").stringValue("")));
    }
}
