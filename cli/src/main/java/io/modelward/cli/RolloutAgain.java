package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ModelwardClient;
import io.modelward.client.RolloutCall;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Why the same start of a rollout is refused when it is given again: what it asked for is there, or on its way. */
final class RolloutAgain {

    private static final int CONFLICT = 409;

    private final ModelwardClient client;
    private final String endpoint;
    private final RolloutCall call;

    RolloutAgain(ModelwardClient client, String endpoint, RolloutCall call) {
        this.client = client;
        this.endpoint = endpoint;
        this.call = call;
    }

    /** Whether a refusal may mean that. A version in quarantine stays refused. */
    static boolean mayBe(ApiException refused) {
        return refused.status() == CONFLICT && !refused.problem().has("quarantined_by");
    }

    /** The version, when it serves the endpoint already. */
    Optional<String> serving() {
        JsonNode now = client.endpoint(endpoint);
        String version = candidate(now);
        boolean serves = Text.of(now, "state").equals("SERVING")
                && Text.of(now, "model_version").equals(version)
                && Text.of(now, "model").equals(model(now).toString());
        return serves ? Optional.of(Text.of(now, "model") + "@" + version) : Optional.empty();
    }

    /** The id of the rollout that moves the endpoint to the version now, or waits to do so. */
    static Optional<String> atWork(ApiException refused) {
        return Optional.of(Text.of(refused.problem(), "rollout")).filter(id -> !id.isEmpty());
    }

    private ModelName model(JsonNode now) {
        return call.model().orElseGet(() -> ModelName.parse(Text.of(now, "model")));
    }

    private String candidate(JsonNode now) {
        return Text.of(client.resolve(model(now), call.candidate()), "version");
    }
}
