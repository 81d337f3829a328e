package io.modelward.core.version;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of one model, named so that it is found again after its model was renamed.
 *
 * @param modelId the model's identity, which outlives its name
 * @param model the name that the model had when this was written
 */
public record VersionRef(ModelId modelId, ModelName model, SemVer version, Digest digest) {

    /** The same version under the name that its model has now. */
    public VersionRef named(ModelName now) {
        return new VersionRef(modelId, now, version, digest);
    }

    /** Whether both are the same version of the same model, whatever its name was. */
    public boolean isSame(VersionRef other) {
        return modelId.equals(other.modelId)
                && version.equals(other.version)
                && digest.equals(other.digest)
                && (modelId.known() || model.equals(other.model));
    }

    public ObjectNode toJson() {
        return Json.object()
                .put("model_id", modelId.value())
                .put("model", model.toString())
                .put("version", version.toString())
                .put("digest", digest.toString());
    }

    public static VersionRef fromJson(JsonNode json) {
        return new VersionRef(
                new ModelId(json.path("model_id").asLong(0)),
                ModelName.parse(json.path("model").stringValue("")),
                SemVer.parse(json.path("version").stringValue("")),
                Digest.parse(json.path("digest").stringValue("")));
    }

    /** {@code namespace/name@version}. */
    public String reference() {
        return model + "@" + version;
    }
}
