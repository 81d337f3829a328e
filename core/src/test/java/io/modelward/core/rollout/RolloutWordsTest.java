package io.modelward.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutWordsTest {

    @ParameterizedTest
    @CsvSource({
        "0.05, 5 %",
        "0.0124, 1.24 %",
        "0.07, 7 %",
        "0.12345, 12.3 %",
        "0.0001, 0.01 %",
        "0.00001234, 0.00123 %",
        "0, 0 %",
        "1, 100 %",
        "0.9999, 100 %",
        "0.000000000001, 0.0000000001 %"
    })
    void a_fraction_is_a_percentage_with_at_most_three_digits(double fraction, String words) {
        assertThat(RolloutWords.percent(fraction)).isEqualTo(words);
    }

    @Test
    void a_crossing_is_told_with_its_numbers() {
        Limit limit = new Limit(new Margin(1, 0.05), 0.01);
        Crossing crossing =
                new Crossing(Guardrail.ERRORS, true, limit, 7, 5.512, new ArmCounts(40, 20), new ArmCounts(360, 4));
        assertThat(RolloutWords.crossed(Scenes.running(""), crossing))
                .isEqualTo(
                        "1.1.0 failed 20 of 40 requests (50 %), the active version 4 of 360 (1.11 %). That it is worse by"
                                + " more than 5 points is proven: the evidence is e^5.51, the limit e^4.61 (a"
                                + " false alarm has"
                                + " probability at most 1 %).");
    }

    @Test
    void slow_requests_are_told_with_the_threshold() {
        Rollout rollout = Scenes.running("");
        Rollout frozen = rollout.with(rollout.progress().withBaseline(0, OptionalLong.of(12_345)));
        Crossing crossing = new Crossing(
                Guardrail.LATENCY,
                false,
                new Limit(new Margin(1.5, 0.01), 0.05),
                7,
                3.2,
                new ArmCounts(40, 20),
                ArmCounts.NONE);
        assertThat(RolloutWords.crossed(frozen, crossing))
                .contains(
                        "took longer than 12.3 ms on 20 of 40 requests (50 %)",
                        "0 of 0 (none)", "1 point beyond 1.5 times that");
    }

    @Test
    void the_limits_in_force_are_told_with_their_numbers() {
        assertThat(RolloutWords.limits(Scenes.plan("")))
                .containsExactly(
                        "Rolls back when it is proven that the candidate's error rate exceeds the active"
                                + " version's by more"
                                + " than 5 points (probability of a false alarm at most 1 %).",
                        "Holds, and tells people, when it is proven that its error rate exceeds the active version's by"
                                + " more than 1 point (at most 5 %).",
                        "Holds, and tells people, when it is proven that its share of requests slower than 2 times the"
                                + " active version's p95, and by more than 10ms, exceeds the active version's by more"
                                + " than 1 point (at most 5 %).",
                        "All together, a harmless candidate is rolled back with probability at most 1 %, and"
                                + " held with at"
                                + " most 10 %.");
    }

    @Test
    void where_a_halt_rolls_back_all_false_alarms_add_up() {
        RolloutPlan plan = Scenes.plan("'on_halt':'rollback','latency':{'rollback':{'alpha':0.002}}");
        assertThat(plan.rollbackAlpha()).isEqualTo(0.01 + 0.002 + 0.05 + 0.05);
        assertThat(RolloutWords.limits(plan))
                .last()
                .isEqualTo(
                        "All together, a harmless candidate is rolled back with probability at most 11.2 % (the sum over"
                                + " all limits, since a halt rolls back here).");
        assertThat(RolloutWords.limits(plan)).noneMatch(sentence -> sentence.startsWith("Holds"));
    }

    @Test
    void it_is_said_when_the_last_step_compares_nothing() {
        assertThat(RolloutWords.limits(Scenes.plan("'holdback':0")))
                .last()
                .asString()
                .contains("nothing is held back");
    }
}
