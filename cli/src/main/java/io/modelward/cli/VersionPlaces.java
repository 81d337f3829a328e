package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Where the versions of a model are: which endpoints serve them, which aliases name them, and where they may not be. */
final class VersionPlaces {

    /** Of each endpoint so many rollouts are looked at, the newest. */
    private static final int ROLLOUTS = 100;

    private final Map<String, List<String>> live = new HashMap<>();
    private final Map<String, List<String>> aliases = new HashMap<>();
    private final Map<String, List<String>> states = new HashMap<>();

    private VersionPlaces() {}

    static VersionPlaces find(ModelwardClient client, ModelName model) {
        VersionPlaces places = new VersionPlaces();
        client.model(model)
                .path("aliases")
                .properties()
                .forEach(alias -> add(places.aliases, alias.getValue().asString(""), alias.getKey()));
        for (JsonNode endpoint : client.endpoints().path("endpoints")) {
            if (Text.of(endpoint, "model").equals(model.toString())) {
                places.live(endpoint);
                places.states(client, endpoint, model.toString());
            }
        }
        return places;
    }

    private void live(JsonNode endpoint) {
        String name = Text.of(endpoint, "endpoint");
        boolean shared = endpoint.path("arms").size() > 1;
        String state = Text.of(endpoint, "state").equals("SERVING") ? "" : " (" + Text.of(endpoint, "state") + ")";
        if (!shared) {
            add(live, Text.of(endpoint, "model_version"), name + state);
        }
        for (JsonNode arm : endpoint.path("arms")) {
            if (shared) {
                String share = EndpointShowCommand.percent(arm.path("weight").asInt(0));
                add(live, Text.of(arm, "version"), name + " " + share + state);
            }
        }
    }

    /** A version in quarantine is not called rolled back too; one that serves the endpoint again is neither. */
    private void states(ModelwardClient client, JsonNode serving, String model) {
        String endpoint = Text.of(serving, "endpoint");
        try {
            Set<String> told = new HashSet<>();
            serving.path("arms").forEach(arm -> told.add(Text.of(arm, "version")));
            for (JsonNode one : client.rollouts().quarantine(endpoint).path("quarantine")) {
                if (Text.of(one, "model").equals(model) && told.add(Text.of(one, "version"))) {
                    add(states, Text.of(one, "version"), "quarantined on " + endpoint);
                }
            }
            for (JsonNode rollout : client.rollouts().list(endpoint, ROLLOUTS).path("rollouts")) {
                boolean newest = Text.of(rollout, "model").equals(model) && told.add(Text.of(rollout, "candidate"));
                String state = RolloutShow.state(rollout);
                if (newest && (state.equals("ROLLED_BACK") || state.equals("ABORTED"))) {
                    add(
                            states,
                            Text.of(rollout, "candidate"),
                            (state.equals("ABORTED") ? "aborted on " : "rolled back on ") + endpoint);
                }
            }
        } catch (ApiException deletedMeanwhile) {
            if (deletedMeanwhile.status() != 404) {
                throw deletedMeanwhile;
            }
        }
    }

    private static void add(Map<String, List<String>> places, String version, String place) {
        places.computeIfAbsent(version, _ -> new ArrayList<>()).add(place);
    }

    String live(String version) {
        return String.join(", ", live.getOrDefault(version, List.of()));
    }

    String aliases(String version) {
        return String.join(", ", aliases.getOrDefault(version, List.of()));
    }

    String state(String version) {
        return String.join(", ", states.getOrDefault(version, List.of()));
    }
}
