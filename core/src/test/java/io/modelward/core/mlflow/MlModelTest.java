package io.modelward.core.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlModelTest {

    /** As MLflow 3.17.2 wrote it. */
    private static final String IRIS = """
            flavors:
              python_function:
                code: code
                env:
                  conda: conda.yaml
                  virtualenv: python_env.yaml
                loader_module: mlflow.sklearn
                model_path: model.skops
                predict_fn: predict
                python_version: 3.11.2
              sklearn:
                code: null
                pickled_model: model.skops
                serialization_format: skops
                sklearn_version: 1.9.1
                skops_trusted_types: [a.B]
            is_signature_from_type_hint: false
            mlflow_version: 3.17.2
            model_id: null
            run_id: 12e45678901234567890123456789012
            saved_input_example_info:
              artifact_path: input_example.json
              pandas_orient: split
              serving_input_path: serving_input_example.json
              type: dataframe
            signature:
              inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
                "double", "name": "petal width (cm)", "required": true}]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
              params: null
            utc_time_created: '2026-11-26 03:59:27.718828'
            """;

    private static MlModel parse(String text) {
        return MlModel.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_mlflow_writes_is_read() {
        MlModel model = parse(IRIS);
        assertThat(model.flavors()).containsExactlyInAnyOrder("python_function", "sklearn");
        MlModel.PyFunc pyfunc = model.pyfunc().orElseThrow();
        assertThat(pyfunc.loaderModule()).isEqualTo("mlflow.sklearn");
        assertThat(pyfunc.pythonVersion()).contains("3.11.2");
        assertThat(pyfunc.code()).containsExactly("code");
        assertThat(model.sklearn().orElseThrow()).isEqualTo(new MlModel.Sklearn("skops", List.of("a.B")));
        assertThat(pyfunc.modelPath()).contains("model.skops");
        assertThat(model.mlflowVersion()).contains("3.17.2");
        assertThat(model.modelId()).isEmpty();
        assertThat(model.runId()).as("not read as the number 12e45…").contains("12e45678901234567890123456789012");
        assertThat(model.created()).contains("2026-11-26 03:59:27.718828");
        assertThat(model.example().orElseThrow().path()).isEqualTo("serving_input_example.json");
        assertThat(model.signature().orElseThrow().input().columnNames())
                .containsExactly("sepal length (cm)", "petal width (cm)");
    }

    @Test
    void a_model_that_is_not_for_python_has_no_pyfunc() {
        MlModel model = parse("flavors: {onnx: {data: model.onnx}}");
        assertThat(model.pyfunc()).isEmpty();
        assertThat(model.signature()).isEmpty();
    }

    static List<String> hostile() {
        return List.of(
                "",
                "just a text",
                "[1, 2]",
                "flavors: 7",
                "flavors: {a: {}}\nflavors: {b: {}}",
                "flavors: {a: [",
                "flavors: {a: " + "[".repeat(5000) + "]".repeat(5000) + "}",
                "flavors: {a: {}}\nsignature: {inputs: 'nonsense'}",
                "\u0000",
                "flavors: {a: {}}\n\tb: 1");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void what_is_no_such_file_is_refused_by_its_name(String text) {
        ProblemException refused = Assertions.assertThrows(ProblemException.class, () -> parse(text));
        assertThat(refused.problem().field()).contains("MLmodel");
        assertThat(refused.problem().type().status()).isEqualTo(422);
    }

    @Test
    void aliases_do_not_multiply_and_tags_make_no_objects() {
        StringBuilder bomb = new StringBuilder("flavors: {a: !!javax.script.ScriptEngineManager [x]}\nm0: &m0 [x]\n");
        for (int i = 1; i < 60; i++) {
            String before = "*m" + (i - 1);
            bomb.append("m%d: &m%d [%s]\n"
                    .formatted(i, i, Stream.generate(() -> before).limit(10).toList()));
        }
        assertThat(parse(bomb.toString().replace("[[", "[").replace("]]", "]")).flavors())
                .containsExactly("a");
    }

    /** Each line is repeated, with a number in place of the percent sign. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "k%: &a% x\n",
                "&a% k%: x\n",
                "k%: &a% {x: y}\n",
                "k%: &a% [*a%, *a%]\n",
                "a%: &a% b\nk%:\n  <<: *a%\n",
                "k%: x\n",
                "k%: [1, 2, 3]\n",
                "k%: {a: {b: c}}\n"
            })
    void what_is_dear_to_read_is_refused_and_a_little_of_it_is_not(String line) {
        StringBuilder text = new StringBuilder("flavors: {a: {}}\n");
        for (int i = 0; i < 100_000; i++) {
            if (i == 300) {
                assertThat(parse(text.toString()).flavors()).containsExactly("a");
            }
            if (text.length() < (3 << 20)) {
                text.append(line.replace("%", Integer.toString(i)));
            }
        }
        ProblemException refused = Assertions.assertThrows(ProblemException.class, () -> parse(text.toString()));
        assertThat(refused.problem().detail()).contains("MLmodel has at most");
        assertThat(refused.problem().type().status()).isEqualTo(422);
    }

    @Test
    void pips_part_of_a_conda_environment_is_read() {
        String conda = "dependencies:\n- python=3.11.2\n- pip<=23.0.1\n- pip:\n  - mlflow==3.17.2\n  - numpy\nname:"
                + " mlflow-env\n";
        assertThat(CondaEnvironment.pip(conda.getBytes(StandardCharsets.UTF_8)))
                .containsExactly("mlflow==3.17.2", "numpy");
        assertThat(CondaEnvironment.pip("dependencies: 7".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void an_input_example_is_read_in_every_form() {
        String rows = "[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]";
        String split = "{\"columns\":[\"a\",\"b\"],\"data\":[[1,\"x\"],[2,\"y\"]]}";
        for (String example : List.of(
                rows,
                split,
                "{\"dataframe_split\":" + split + "}",
                "{\"dataframe_records\":" + rows + "}",
                "{\"instances\":" + rows + "}",
                "{\"inputs\":" + rows + "}",
                "{\"inputs\":{\"a\":[1,2],\"b\":[\"x\",\"y\"]}}")) {
            assertThat(InputExample.rows(Json.parse(example, "example")).toString())
                    .as(example)
                    .isEqualTo(rows.replace("},{", "}, {"));
        }
        assertThat(InputExample.rows(Json.parse("{\"inputs\":[[1,2],[3,4]]}", "example")))
                .hasSize(2);
        assertThat(InputExample.rows(Json.parse("{\"messages\":[]}", "example")))
                .isEmpty();
    }

    @Test
    void a_missing_value_of_an_example_is_null_and_texts_stay_as_they_are() {
        String example = "{\"a\": [NaN, -Infinity, 1.5, \"NaN\", \"a \\\" NaN \\\\\"], \"NaN\": Infinity}";
        assertThat(InputExample.parse(example.getBytes(StandardCharsets.UTF_8), "x"))
                .isEqualTo(Json.parse("{\"a\":[null,null,1.5,\"NaN\",\"a \\\" NaN \\\\\"],\"NaN\":null}", "x"));
    }

    @Test
    void a_pickle_tells_which_scikit_learn_wrote_it_without_being_unpickled() {
        String fourth = "\u0080\u0004x\u008c\u0010_sklearn_version\u0094\u008c\u00051.5.2\u0094u";
        String second = "\u0080\u0002xX\u0010\0\0\0_sklearn_versionq\u0001X\u0006\0\0\u00001.2rc1q";
        assertThat(SavedWith.inPickle(fourth.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(Map.of("scikit-learn", "1.5.2"));
        assertThat(SavedWith.inPickle(second.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(Map.of("scikit-learn", "1.2rc1"));
        assertThat(SavedWith.inPickle("_sklearn_version".getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void releases_that_differ_are_told_with_both_names() {
        Map<String, String> saved = SavedWith.of(
                Optional.of(Json.parse(
                        "{\"python\":\"3.10.4\",\"packages\":{\"numpy\":\"1.26.4\",\"scipy\":\"1.0\"}}",
                        "environment")),
                Optional.empty());
        assertThat(SavedWith.differences(
                        saved, Map.of("python", "3.11.2", "numpy", "2.4.6", "scipy", "1.0"), "loaded with"))
                .containsExactly(
                        "saved with Python 3.10.4, loaded with Python 3.11.2",
                        "saved with numpy 1.26.4, loaded with numpy 2.4.6");
        assertThat(SavedWith.differences(saved, Map.of("python", "3.10.9"), "loaded with"))
                .isEmpty();
    }

    @Test
    void an_example_that_the_signature_does_not_take_is_no_sample() {
        MlModel model = parse(IRIS);
        String names = "{\"sepal length (cm)\":%s,\"petal width (cm)\":2}";
        assertThat(InputExample.sample(
                        Json.parse("[" + names.formatted("1") + "]", "x"),
                        model.signature().orElseThrow()))
                .isPresent();
        assertThat(InputExample.sample(
                        Json.parse("[" + names.formatted("\"a\"") + "]", "x"),
                        model.signature().orElseThrow()))
                .isEmpty();
    }
}
