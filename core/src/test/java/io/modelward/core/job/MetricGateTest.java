package io.modelward.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricGateTest {

    @ParameterizedTest
    @CsvSource({
        "accuracy >= 0.9, 0.9, true",
        "accuracy > 0.9, 0.9, false",
        "accuracy >= champion - 0.005, 0.945, true",
        "accuracy >= champion - 0.005, 0.944, false",
        "accuracy >= champion, 0.95, true",
        "accuracy>champion, 0.95, false",
        "accuracy <= champion * 1.02, 0.969, true",
        "accuracy <= champion + 0.01, 0.97, false",
        "accuracy >= -1e3, -1000, true"
    })
    void a_demand_holds_or_not(String gate, double value, boolean holds) {
        assertThat(MetricGate.parse(gate)
                        .judge(Map.of("accuracy", value), Optional.of(Map.of("accuracy", 0.95)))
                        .holds())
                .isEqualTo(holds);
    }

    @Test
    void a_metric_that_is_missing_or_no_number_holds_in_no_case() {
        MetricGate gate = MetricGate.parse("loss <= 1");
        assertThat(gate.judge(Map.of(), Optional.empty()).holds()).isFalse();
        assertThat(gate.judge(Map.of("loss", Double.NaN), Optional.empty()).holds())
                .isFalse();
        assertThat(gate.judge(Map.of("loss", Double.NEGATIVE_INFINITY), Optional.empty())
                        .holds())
                .isFalse();
        MetricGate relative = MetricGate.parse("loss <= champion");
        assertThat(relative.judge(Map.of("loss", 1.0), Optional.of(Map.of("loss", Double.NaN)))
                        .holds())
                .isFalse();
        assertThat(relative.judge(Map.of("loss", 1.0), Optional.of(Map.of())).holds())
                .isFalse();
        assertThat(relative.judge(Map.of("loss", 1.0), Optional.empty()).holds())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accuracy >= champion - 0.005",
                "f1@5 > 0.25",
                "rmse <= champion * 1.02",
                "auc >= champion",
                "accuracy >= 1e-31",
                "x <= 1e32",
                "x > champion + 1.2345678901234567e-15"
            })
    void a_demand_is_written_as_it_was_read(String text) {
        assertThat(MetricGate.parse(text).toString()).isEqualTo(text);
        assertThat(MetricGate.parse(MetricGate.parse(text).toString())).isEqualTo(MetricGate.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "accuracy",
                "accuracy >= ",
                "accuracy = 1",
                "1 >= 2",
                "accuracy >= champion / 2",
                "accuracy >= 1e999",
                "accuracy >= other - 1",
                "accuracy >= .",
                "accuracy >= 0.9; drop"
            })
    void a_demand_that_is_none_is_refused(String text) {
        assertThatThrownBy(() -> MetricGate.parse(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().field()).contains("require"));
    }
}
