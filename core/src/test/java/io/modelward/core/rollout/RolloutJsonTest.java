package io.modelward.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RolloutJsonTest {

    private static final int EACH = 300;

    @Test
    void a_plan_that_is_written_leaves_nothing_to_defaults() {
        assertThat(PlanJson.write(Scenes.plan("")).propertyNames())
                .containsExactlyInAnyOrderElementsOf(PlanReader.FIELDS);
    }

    @RepeatedTest(3)
    void a_plan_that_is_written_is_read_back_as_it_was(RepetitionInfo seed) {
        RandomRollouts random = new RandomRollouts(seed.getCurrentRepetition());
        for (int i = 0; i < EACH; i++) {
            RolloutPlan plan = random.plan();
            String text = Json.write(PlanJson.write(plan));
            assertThat(PlanReader.read(Json.parse(text, "plan"))).as(text).isEqualTo(plan);
        }
    }

    @RepeatedTest(3)
    void a_rollout_that_is_written_is_read_back_as_it_was(RepetitionInfo seed) {
        RandomRollouts random = new RandomRollouts(100 + seed.getCurrentRepetition());
        for (int i = 0; i < EACH; i++) {
            Rollout rollout = random.rollout();
            String text = rollout.toJson();
            assertThat(Rollout.fromJson(text)).as(text).isEqualTo(rollout);
        }
    }

    @Test
    void shares_are_written_as_the_percentages_that_people_write() {
        assertThat(Json.write(PlanJson.write(Scenes.plan("'steps':[5,12.5,100],'holdback':0.5"))))
                .contains("\"steps\":[5,12.5,100]", "\"holdback\":0.5");
    }
}
