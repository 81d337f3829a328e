package io.modelward.core.rollout;

import io.modelward.core.digest.Digest;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.time.Instant;

/**
 * A version that was rolled back from an endpoint and may not serve it again until it is released.
 *
 * @param rollout the id of the rollout that rolled it back
 * @param model the name that the model had then
 * @param why what the rollout said
 */
public record Quarantine(
        String endpoint, Digest digest, String rollout, ModelName model, SemVer version, Instant since, String why) {

    /** The same under the name that its model has now. */
    public Quarantine named(ModelName now) {
        return new Quarantine(endpoint, digest, rollout, now, version, since, why);
    }
}
