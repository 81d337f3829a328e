package io.modelward.core.rollout;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.route.Arm;
import io.modelward.core.route.Role;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A version that takes part in a rollout. */
public record Subject(ModelName model, SemVer version, Digest digest) {

    public Arm arm(int weight, Role role) {
        return new Arm(model, version, digest, weight, role);
    }

    /** {@code namespace/name@version}. */
    public String reference() {
        return model + "@" + version;
    }

    ObjectNode toJson() {
        return Json.object()
                .put("model", model.toString())
                .put("version", version.toString())
                .put("digest", digest.toString());
    }

    static Subject fromJson(JsonNode json) {
        return new Subject(
                ModelName.parse(json.path("model").stringValue("")),
                SemVer.parse(json.path("version").stringValue("")),
                Digest.parse(json.path("digest").stringValue("")));
    }
}
