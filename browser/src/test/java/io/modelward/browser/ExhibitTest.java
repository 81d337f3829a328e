package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The exhibits have what the pages are tested with. */
@Tag("process")
@ExtendWith(Shared.class)
class ExhibitTest {

    @Test
    void rollouts_ended_in_several_ways_and_others_are_at_work(Shared shared) throws Exception {
        for (Exhibit exhibit : List.of(shared.plain(), shared.hostile())) {
            ExhibitServing serving = exhibit.serving();
            assertThat(state(exhibit, serving.rolledBack())).isEqualTo("ROLLED_BACK");
            assertThat(state(exhibit, serving.promoted())).isEqualTo("PROMOTED");
            assertThat(state(exhibit, serving.atWork())).isEqualTo("RUNNING");
            assertThat(state(exhibit, serving.held())).isEqualTo("HELD");
            JsonNode trace =
                    exhibit.client().look("/api/v1/predictions/" + serving.prediction() + "/trace?verify=true");
            assertThat(trace.at("/verification/intact").booleanValue()).isTrue();
            assertThat(trace.at("/version/version").asString()).isEqualTo("2.3.0");
        }
    }

    @Test
    void runs_have_metrics_and_files(Shared shared) throws Exception {
        for (Exhibit exhibit : List.of(shared.plain(), shared.hostile())) {
            String run = exhibit.training().runs().getFirst();
            JsonNode told = exhibit.client().look("/api/v1/runs/" + run);
            assertThat(told.path("metrics"))
                    .hasSize(2)
                    .allMatch(metric -> metric.path("step").intValue() == 39);
            assertThat(told.path("parameters")).hasSize(4);
            assertThat(exhibit.client()
                            .look("/api/v1/runs/" + run + "/artifacts")
                            .path("artifacts"))
                    .hasSize(7);
        }
    }

    /** A test that no hostile text runs would prove nothing if the texts were not there. */
    @Test
    void hostile_texts_are_in_every_part_of_the_hostile_exhibit(Shared shared) throws Exception {
        Exhibit exhibit = shared.hostile();
        ExhibitServing serving = exhibit.serving();
        String iris = ExhibitModels.address(exhibit.models().iris());
        String run = exhibit.training().runs().getFirst();
        List<String> without = new ArrayList<>();
        for (String address : List.of(
                "/api/v1/models",
                iris,
                iris + "/versions",
                iris + "/versions/2.3.0",
                iris + "/aliases/champion",
                "/api/v1/endpoints/iris/revisions",
                "/api/v1/endpoints/iris/rollouts",
                "/api/v1/rollouts/" + serving.atWork(),
                "/api/v1/rollouts/" + serving.held(),
                "/api/v1/experiments",
                "/api/v1/runs?experiment=" + exhibit.training().experiment(),
                "/api/v1/runs/" + run,
                "/api/v1/runs/" + run + "/artifacts",
                "/api/v1/predictions/" + serving.prediction() + "/trace",
                "/api/v1/audit",
                "/api/v1/webhooks")) {
            if (!isHostile(exhibit, address)) {
                without.add(address);
            }
        }
        assertThat(without).isEmpty();
        assertThat(isHostile(shared.plain(), "/api/v1/models")).isFalse();
    }

    /** So the hostile exhibit needs none: HTML could not say it either. */
    @Test
    void half_a_character_is_refused(Shared shared) throws Exception {
        String address = ExhibitModels.address(shared.plain().models().iris()) + "/description";
        ExhibitClient client = shared.plain().client();
        String experiments = "/api/2.0/mlflow/experiments/create";
        assertThat(client.send("PUT", address, "{\"description\":\"\\ud83e\"}", "ann")
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.send("POST", experiments, "{\"name\":\"half \\ud83e\"}", "ann")
                        .statusCode())
                .isEqualTo(400);
    }

    private static boolean isHostile(Exhibit exhibit, String address) throws IOException {
        String answer = exhibit.client().look(address).toString();
        return Stream.of(Visit.RAN, "evil.example", "\u202e").anyMatch(answer::contains);
    }

    private static String state(Exhibit exhibit, String rollout) throws IOException {
        return exhibit.client()
                .look("/api/v1/rollouts/" + rollout)
                .path("state")
                .asString();
    }
}
