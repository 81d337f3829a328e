package io.modelward.pages.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.FilterParser;
import io.modelward.core.search.OrderParser;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.pages.tracking.RunColumn.Kind;
import io.modelward.registry.tracking.RunView;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunColumnTest {

    private static Run run(RunStatus status, long start, OptionalLong end) {
        return new Run("a", 0, "", "ada", status, start, end, "x", OptionalLong.empty());
    }

    private static RunView run(List<KeyValue> params, List<KeyValue> tags, double accuracy) {
        return new RunView(
                run(RunStatus.FINISHED, 1, OptionalLong.of(2)),
                List.of(new MetricPoint("accuracy", accuracy, 1, 0)),
                params,
                tags,
                List.of(),
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lr", "learning rate", "a`b", "desc", "Größe", "1st", "a.b/c", "it's"})
    void any_key_can_be_ordered_by(String key) {
        for (Kind kind : Kind.values()) {
            RunColumn column = RunColumn.parse(new RunColumn(kind, key).name());
            assertThat(column.key()).isEqualTo(key);
            assertThat(OrderParser.parse(List.of(column.field() + " DESC"), Vocabulary.RUNS))
                    .singleElement()
                    .satisfies(order -> {
                        assertThat(order.field().key()).isEqualTo(key);
                        assertThat(order.ascending()).isFalse();
                    });
        }
    }

    @Test
    void any_text_can_be_searched_for() {
        assertThat(FilterParser.parse("name ILIKE " + Grammar.containing("it's \"x\" `y`"), Vocabulary.EXPERIMENTS))
                .singleElement()
                .hasToString(FilterParser.parse("name ILIKE '%it''s \"x\" `y`%'", Vocabulary.EXPERIMENTS)
                        .getFirst()
                        .toString());
    }

    @Test
    void what_is_no_column_is_refused() {
        assertThatThrownBy(() -> RunColumn.parse("accuracy")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RunColumn.parse("metrics.")).isInstanceOf(ProblemException.class);
    }

    @Test
    void parameters_that_differ_are_shown_before_those_that_do_not() {
        List<KeyValue> same =
                IntStream.range(0, 4).mapToObj(i -> new KeyValue("a" + i, "1")).toList();
        List<RunView> runs = IntStream.range(0, 2)
                .mapToObj(i -> run(
                        java.util.stream.Stream.concat(
                                        same.stream(),
                                        java.util.stream.Stream.of(new KeyValue("z", Integer.toString(i))))
                                .toList(),
                        List.of(new KeyValue("team", "x"), new KeyValue("mlflow.user", "ada")),
                        i))
                .toList();
        List<RunColumn> all = RunColumn.of(runs);
        assertThat(all).extracting(RunColumn::name).contains("tags.team").doesNotContain("tags.mlflow.user");
        assertThat(RunColumn.usual(all, runs))
                .extracting(RunColumn::name)
                .containsExactly("metrics.accuracy", "params.z", "params.a0", "params.a1", "params.a2");
    }

    @Test
    void a_column_knows_where_the_api_has_its_value() {
        assertThat(new RunColumn(Kind.METRIC, "a/b~c").pointer()).isEqualTo("/metrics/a~1b~0c/value");
        assertThat(new RunColumn(Kind.PARAM, "lr").pointer()).isEqualTo("/parameters/lr");
    }

    @Test
    void the_name_of_a_metric_tells_which_values_are_better() {
        assertThat(List.of("loss", "val_loss", "train/rmse", "log_loss", "mean_absolute_error", "latency_ms", "MAE"))
                .allMatch(RunWords::smallerIsBetter);
        assertThat(List.of("accuracy", "auc", "f1", "maximum", "r2", "glossary_hits"))
                .noneMatch(RunWords::smallerIsBetter);
    }

    @Test
    void a_run_tells_how_long_it_took_only_where_its_times_make_sense() {
        Instant now = Instant.ofEpochMilli(100_000);
        assertThat(RunWords.duration(run(RunStatus.FINISHED, 1000, OptionalLong.of(73_000)), now))
                .contains("1 min 12 s");
        assertThat(RunWords.duration(run(RunStatus.RUNNING, 99_500, OptionalLong.empty()), now))
                .contains("500 ms");
        assertThat(RunWords.duration(run(RunStatus.FAILED, 1000, OptionalLong.empty()), now))
                .isEmpty();
        assertThat(RunWords.duration(run(RunStatus.FINISHED, 9000, OptionalLong.of(8000)), now))
                .isEmpty();
    }

    @Test
    void compared_runs_stand_with_the_best_first_and_those_without_a_number_last() {
        List<RunView> runs = java.util.stream.DoubleStream.of(0.5, Double.NaN, 0.9, 0.7)
                .mapToObj(value -> run(List.of(), List.of(), value))
                .toList();
        assertThat(RunComparePage.bestFirst(runs, "accuracy"))
                .extracting(run -> run.metrics().getFirst().value())
                .containsExactly(0.9, 0.7, 0.5, Double.NaN);
        assertThat(RunComparePage.bestFirst(runs, "loss")).isEqualTo(runs);
    }
}
