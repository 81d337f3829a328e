package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RolloutPlanCommandTest {

    @Test
    void says_in_words_what_it_takes_to_see_a_harm() {
        Ran ran = Ran.modelward("rollout", "plan", "--active", "0", "--candidate", "1", "--rate", "100");
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .matches("A candidate that fails 100% of its requests where the active version fails 0% "
                        + "is seen after about \\d+ requests of its own, which is \\d+ of both at a share of 5%\\.");
        assertThat(ran.out()).containsPattern("At 100 requests per second that is about [0-9.]+m?s\\.");
    }

    @Test
    void a_script_gets_the_numbers() {
        JsonNode plan = Json.parse(
                Ran.modelward("rollout", "plan", "--active", "0", "--canary", "0.2", "--rate", "1000", "--json")
                        .out(),
                "out");
        assertThat(plan.path("seen").asBoolean()).isTrue();
        assertThat(plan.path("canary_requests").asLong()).isBetween(45L, 62L);
        assertThat(plan.path("requests").asLong())
                .isEqualTo(20 * plan.path("canary_requests").asLong());
        assertThat(plan.path("seconds").asDouble()).isBetween(0.9, 1.3);
    }

    @Test
    void says_so_when_it_is_no_harm_or_too_little() {
        assertThat(Ran.modelward("rollout", "plan", "--canary", "0.06").out())
                .isEqualToIgnoringNewLines(
                        "A candidate that fails 6% of its requests where the active version fails 1% "
                                + "is within this limit, which allows 6%.");
        Ran little = Ran.modelward("rollout", "plan", "--canary", "0.0601");
        assertThat(little.out()).contains("may not see it within 1,000,000 requests");
        assertThat(little.code()).isZero();
    }
}
