package io.modelward.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.Clause.Comparison;
import io.modelward.core.search.Field.Kind;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {

    private static Clause one(String filter) {
        List<Clause> clauses = FilterParser.parse(filter, Vocabulary.RUNS);
        assertThat(clauses).hasSize(1);
        return clauses.getFirst();
    }

    private static Clause clause(Kind kind, String key, Clause.Test test) {
        return new Clause(new Field(kind, key), test);
    }

    @Test
    void an_empty_filter_has_no_clause() {
        assertThat(FilterParser.parse("  ", Vocabulary.RUNS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            metrics.acc > 0.5                | METRIC | acc
            metric.acc>=-.5e3                | METRIC | acc
            metrics.`val/acc (top 1)` != 1   | METRIC | val/acc (top 1)
            metrics."a b" = 1                | METRIC | a b
            metrics.1st = 1                  | METRIC | 1st
            metrics.a.b-c/d:e < 2            | METRIC | a.b-c/d:e
            parameter.depth = '3'            | PARAM  | depth
            params.x IS NULL                 | PARAM  | x
            tags.mlflow.source.name = "a.py" | TAG    | mlflow.source.name
            tag.and = 'x'                    | TAG    | and
            dataset.name IN ('a', 'b')       | DATASET | name
            attributes.status = 'FINISHED'   | ATTRIBUTE | status
            run.run_id NOT IN ('a')          | ATTRIBUTE | run_id
            start_time > 1700000000000       | ATTRIBUTE | start_time
            attr.created <= 5                | ATTRIBUTE | start_time
            `Run name` LIKE '%x%'            | ATTRIBUTE | run_name
            """)
    void a_field_is_found_however_it_is_written(String filter, Kind kind, String key) {
        assertThat(one(filter).field()).isEqualTo(new Field(kind, key));
    }

    @Test
    void comparisons_and_values_are_read() {
        assertThat(one("metrics.a >= -1.5e2"))
                .isEqualTo(clause(Kind.METRIC, "a", new Clause.Number(Comparison.AT_LEAST, -150)));
        assertThat(one("end_time != 7"))
                .isEqualTo(clause(Kind.ATTRIBUTE, "end_time", new Clause.Whole(Comparison.NOT_EQUAL, 7)));
        assertThat(one("params.a ilike '%X_'")).isEqualTo(clause(Kind.PARAM, "a", new Clause.Like("%X_", true)));
        assertThat(one("tags.a is not null")).isEqualTo(clause(Kind.TAG, "a", new Clause.Absent(true)));
        assertThat(one("params.a = 'it''s \\'so\\''"))
                .isEqualTo(clause(Kind.PARAM, "a", new Clause.Text(true, "it's 'so'")));
        assertThat(one("params.a != \"x AND y\""))
                .isEqualTo(clause(Kind.PARAM, "a", new Clause.Text(false, "x AND y")));
        assertThat(one("run_id not in ('a',\"b\")"))
                .isEqualTo(clause(Kind.ATTRIBUTE, "run_id", new Clause.In(List.of("a", "b"), true)));
    }

    @Test
    void clauses_are_joined_by_and_in_any_case() {
        assertThat(FilterParser.parse("metrics.a > 1 and params.b = 'x' AND status = 'RUNNING'", Vocabulary.RUNS))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.acc",
                "metrics.acc >",
                "metrics.acc > 'x'",
                "metrics.acc > 1 OR metrics.b > 1",
                "metrics.acc LIKE '1'",
                "metrics.a = 1 AND",
                "AND metrics.a = 1",
                "params.x > '1'",
                "params.x = 1",
                "params.x = y",
                "params. = 'x'",
                "params.x IS 'a'",
                "nope.x = 'a'",
                "attributes.nope = 'a'",
                "nope = 'a'",
                "status IS NULL",
                "status = 1",
                "start_time = '1'",
                "start_time = 1.5",
                "start_time = 99999999999999999999",
                "metrics.a = 1e999",
                "(metrics.a = 1)",
                "run_id IN ()",
                "run_id IN 'a'",
                "run_id IN ('a'",
                "run_id IN ('a',)",
                "params.x = 'open",
                "datasets.source = 'x'",
                "metrics.a == 1",
                "metrics.a = 1; DROP TABLE runs",
                "experiment_id = '0'",
                "= 1",
                "'a' = 'a'"
            })
    void what_cannot_be_read_names_the_clause(String filter) {
        assertThatThrownBy(() -> FilterParser.parse("metrics.fine > 0 AND " + filter, Vocabulary.RUNS))
                .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
                .satisfies(problem -> {
                    assertThat(problem.problem().type()).isEqualTo(ProblemType.INVALID);
                    assertThat(problem.problem().detail()).startsWith("Invalid clause(s) in filter string: \"");
                });
    }

    @Test
    void only_the_offending_clause_is_named() {
        assertThatThrownBy(
                        () -> FilterParser.parse("metrics.a > 0 AND params.x > 'y' AND tags.z = 'q'", Vocabulary.RUNS))
                .hasMessageContaining("filter string: \"params.x > 'y'\": a text is compared with");
    }

    @Test
    void experiments_have_no_metrics() {
        assertThatThrownBy(() -> FilterParser.parse("metrics.a > 0", Vocabulary.EXPERIMENTS))
                .isInstanceOf(ProblemException.class);
        assertThat(FilterParser.parse("name ILIKE 'x%' AND tags.a = 'b'", Vocabulary.EXPERIMENTS))
                .hasSize(2);
    }

    @Test
    void any_text_is_read_or_refused_and_never_fails_otherwise() {
        SplittableRandom random = new SplittableRandom(7);
        String[] pieces = {
            "metrics.",
            "params.x",
            "`",
            "'",
            "\"",
            " ",
            "AND",
            "=",
            "!=",
            "1",
            "-",
            "(",
            ")",
            ",",
            "IN",
            "IS",
            "NOT",
            "NULL",
            "\\",
            "é",
            "\0"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                FilterParser.parse(text.toString(), Vocabulary.RUNS);
            } catch (ProblemException refused) {
                assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID);
            }
        }
    }

    @Test
    void an_order_is_a_field_and_a_direction() {
        assertThat(OrderParser.parse(
                        List.of("metrics.`a b` DESC", "params.x", "start_time asc", "start_time DESC"),
                        Vocabulary.RUNS))
                .containsExactly(
                        new SortOrder(new Field(Kind.METRIC, "a b"), false),
                        new SortOrder(new Field(Kind.PARAM, "x"), true),
                        new SortOrder(new Field(Kind.ATTRIBUTE, "start_time"), true));
        for (String wrong : List.of(
                "", "metrics.a UP", "metrics.a DESC x", "datasets.name", "nope", "metrics.a, params.b", "metrics.")) {
            assertThatThrownBy(() -> OrderParser.parse(List.of(wrong), Vocabulary.RUNS))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("order_by");
        }
    }
}
