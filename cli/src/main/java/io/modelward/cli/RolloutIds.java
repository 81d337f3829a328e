package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Rollouts as users name them: by id, or by their endpoint. */
final class RolloutIds {

    private static final Pattern ID = Pattern.compile("r-[0-9a-f]{16}");
    /** Behind so many that wait, there is one at work. */
    private static final int LOOKED_AT = 100;

    private static final List<String> AT_WORK = List.of("LOADING", "RUNNING", "HELD", "BAKING", "ABORTING");

    private RolloutIds() {}

    /** An id, or an endpoint's newest rollout. */
    static String newest(ModelwardClient client, String named) {
        if (ID.matcher(named).matches()) {
            return named;
        }
        return Text.of(listed(client, named, 1).path(0), "id");
    }

    /** An id, or the rollout that is at work on an endpoint, else its newest: who says abort means what has traffic, not what waits. */
    static String atWork(ModelwardClient client, String named) {
        if (ID.matcher(named).matches()) {
            return named;
        }
        JsonNode all = listed(client, named, LOOKED_AT);
        for (JsonNode one : all) {
            if (AT_WORK.contains(Text.of(one, "state"))) {
                return Text.of(one, "id");
            }
        }
        return Text.of(all.path(0), "id");
    }

    private static JsonNode listed(ModelwardClient client, String endpoint, int limit) {
        JsonNode all = client.rollouts().list(endpoint, limit).path("rollouts");
        if (all.isEmpty()) {
            throw ProblemException.notFound("Endpoint " + endpoint + " had no rollout yet.");
        }
        return all;
    }
}
