package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Rollouts as users name them: by id, or by their endpoint. */
final class RolloutIds {

    private static final Pattern ID = Pattern.compile("r-[0-9a-f]{16}");
    /** Behind so many that wait, there is one at work. */
    private static final int LOOKED_AT = 100;

    private static final List<String> AT_WORK = List.of("LOADING", "RUNNING", "HELD", "BAKING", "ABORTING");

    private RolloutIds() {}

    /**
     * An id, or the rollout that is at work on an endpoint, else its newest: people mean what has traffic, not what
     * waits.
     */
    static String atWork(ModelwardClient client, String named) {
        return ID.matcher(named).matches() ? named : Text.of(atWork(listed(client, named)), "id");
    }

    private static JsonNode atWork(JsonNode all) {
        for (JsonNode one : all) {
            if (AT_WORK.contains(Text.of(one, "state"))) {
                return one;
            }
        }
        return all.path(0);
    }

    /**
     * As {@link #atWork}, for an order that gives a version all traffic: a rollout that answered nothing yet has to be
     * named by its id. The same order given twice would else reach what began meanwhile.
     */
    static String tried(ModelwardClient client, String named) {
        if (ID.matcher(named).matches()) {
            return named;
        }
        JsonNode one = atWork(listed(client, named));
        boolean untried = AT_WORK.contains(Text.of(one, "state"))
                && one.path("step").asInt(0) == 1
                && one.path("samples").asLong(0) == 0;
        if (untried) {
            throw ProblemException.conflict("Rollout " + Text.of(one, "id") + " to " + Text.of(one, "candidate")
                    + " has answered no request yet. If it is the one you mean, name it by its id.");
        }
        return Text.of(one, "id");
    }

    /**
     * What a user sees of an endpoint.
     *
     * @param id as {@link #atWork}
     * @param waiting the rollouts that wait behind it, in words; empty when none does or an id was named
     */
    record Seen(String id, String waiting) {}

    static Seen seen(ModelwardClient client, String named) {
        if (ID.matcher(named).matches()) {
            return new Seen(named, "");
        }
        JsonNode all = listed(client, named);
        String waiting = all.valueStream()
                .filter(one -> Text.of(one, "state").equals("QUEUED"))
                .map(one -> Text.of(one, "id") + " (" + Text.of(one, "candidate") + ")")
                .collect(Collectors.joining(", "));
        return new Seen(Text.of(atWork(all), "id"), waiting);
    }

    private static JsonNode listed(ModelwardClient client, String endpoint) {
        JsonNode all = client.rollouts().list(endpoint, LOOKED_AT).path("rollouts");
        if (all.isEmpty()) {
            throw ProblemException.notFound("Endpoint " + endpoint + " had no rollout yet.");
        }
        return all;
    }
}
