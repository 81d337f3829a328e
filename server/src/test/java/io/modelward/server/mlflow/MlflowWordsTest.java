package io.modelward.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlflowWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model|default/iris|Registered Model with name=iris not found",
                "model|team/iris|Registered Model with name=team/iris not found",
                "experiment|7|No Experiment with id=7 exists",
                "run|0a|Run with id=0a not found",
                "logged model|m-1|Logged model with ID 'm-1' not found.",
                "tag of run 0a|k|No tag with name: k in run with id 0a",
                "tag of experiment 7|k|No tag with name: k in experiment with id 7",
                "endpoint|x|neutral"
            })
    void what_is_missing_is_said_as_mlflow_says_it(String what, String named, String words) {
        Problem told =
                MlflowWords.of(ProblemException.missing(what, named, "neutral").problem());
        assertThat(told.detail()).isEqualTo(words);
        assertThat(told.type()).isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void a_version_is_named_by_its_integer_and_one_that_was_asked_for_otherwise_keeps_its_words() {
        Problem ordinal = Problem.of(ProblemType.NOT_FOUND, "neutral")
                .with("missing", "version")
                .with("model", "default/iris");
        assertThat(MlflowWords.of(ordinal.with("named", "ordinal:3")).detail())
                .isEqualTo("Model Version (name=iris, version=3) not found");
        assertThat(MlflowWords.of(ordinal.with("named", "^1.4")).detail()).isEqualTo("neutral");
    }

    @Test
    void a_missing_alias_is_a_wrong_parameter() {
        Problem told = MlflowWords.of(
                ProblemException.missing("alias", "champion", "neutral").problem());
        assertThat(told.detail()).isEqualTo("Registered model alias champion not found.");
        assertThat(told.type()).isEqualTo(ProblemType.INVALID);
    }

    @Test
    void a_deleted_run_is_in_the_wrong_state() {
        Problem told = MlflowWords.of(ProblemException.inState("run_id", "run is deleted", "0a", "neutral")
                .problem());
        assertThat(told.detail()).isEqualTo("The run 0a must be in the 'active' state. Current state is deleted.");
    }

    @Test
    void a_name_that_is_taken_exists_already() {
        Problem taken = Problem.of(ProblemType.CONFLICT, "neutral");
        assertThat(MlflowWords.of(taken.with("taken", "model").with("in_the_way", "default/iris"))
                        .detail())
                .isEqualTo("Registered Model (name=iris) already exists.");
        assertThat(MlflowWords.of(taken.with("in_the_way", "default/iris")).detail())
                .isEqualTo("neutral");
    }
}
