package io.modelward.gateway.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.Tolerance;
import io.modelward.core.json.Json;
import org.junit.jupiter.api.Test;

class AnswerTallyTest {

    private final AnswerTally tally = new AnswerTally(new Tolerance(0.1));

    private static AnswerTally.Answer answered(String predictions) {
        return new AnswerTally.Answer(Json.parse(predictions, "predictions"), "");
    }

    private static AnswerTally.Answer raised(String error) {
        return new AnswerTally.Answer(Json.array(), error);
    }

    @Test
    void rows_that_raise_the_same_error_in_both_versions_prove_nothing_alone() {
        tally.add(raised("ValueError"), raised("ValueError"));
        tally.add(raised("KeyError"), raised("KeyError"));
        Predictions none = tally.of(1, 1);
        assertThat(none.holds()).isFalse();
        assertThat(none.failure()).contains("Each row raised the same error in both versions");
        tally.add(answered("[1]"), answered("[1]"));
        assertThat(tally.of(1, 2)).isEqualTo(new Predictions(1, 2, 3, 0, 0, 0, ""));
        assertThat(tally.of(1, 2).holds()).isTrue();
    }

    @Test
    void an_error_on_one_side_or_another_error_is_a_difference() {
        tally.add(answered("[1]"), raised("ValueError"));
        tally.add(raised("KeyError"), raised("ValueError"));
        tally.add(answered("[1]"), answered("[1.05]"));
        Predictions counted = tally.of(2, 1);
        assertThat(counted.different()).isEqualTo(2);
        assertThat(counted.within()).isEqualTo(1);
        assertThat(counted.holds()).isFalse();
        assertThat(counted.failure()).isEmpty();
    }
}
