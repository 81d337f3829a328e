package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlflowSignatureTest {

    private static Signature inputs(String inputs) {
        return MlflowSignature.read(Json.object().put("inputs", inputs), false).orElseThrow();
    }

    private static boolean accepts(Signature signature, String row) {
        try {
            RowCheck.of(signature).check(Json.parse(row, "row"), 0);
            return true;
        } catch (ProblemException refused) {
            return false;
        }
    }

    private static String column(String type) {
        return "[{\"name\":\"x\",\"type\":\"" + type + "\",\"required\":true}]";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            boolean        | true           | 1
            integer        | 2147483647     | 2147483648
            integer        | -2147483648    | 1.5
            long           | 9223372036854775807 | 9223372036854775808
            float          | 1.5            | "1.5"
            double         | 7              | null
            string         | "a"            | 1
            binary         | "YQ=="         | 1
            datetime       | "2026-01-01T00:00:00" | 5
            sparkml_vector | [1,2.5]        | ["a"]
            any            | {"a":[1]}      |
            tomorrow       | [null]         |
            """)
    void a_column_takes_the_values_of_its_type(String type, String fits, String doesNot) {
        Signature signature = inputs(column(type));
        assertThat(accepts(signature, "[" + fits + "]")).isTrue();
        assertThat(accepts(signature, "{\"x\":" + fits + "}")).isTrue();
        if (doesNot != null) {
            assertThat(accepts(signature, "[" + doesNot + "]")).isFalse();
            assertThat(accepts(signature, "{\"x\":" + doesNot + "}")).isFalse();
        }
    }

    @Test
    void required_columns_are_sent_as_arrays_or_by_name() {
        Signature signature = inputs("[{\"type\":\"double\",\"name\":\"a\"},{\"type\":\"string\",\"name\":\"b\"}]");
        assertThat(accepts(signature, "[1,\"x\"]")).isTrue();
        assertThat(accepts(signature, "{\"b\":\"x\",\"a\":1}")).isTrue();
        assertThat(accepts(signature, "{\"a\":1}")).isFalse();
        assertThat(accepts(signature, "[1]")).isFalse();
    }

    @Test
    void a_column_that_is_not_required_may_be_null_or_left_out() {
        Signature signature =
                inputs("[{\"type\":\"double\",\"name\":\"a\"},{\"type\":\"long\",\"name\":\"b\",\"required\":false}]");
        assertThat(accepts(signature, "{\"a\":1}")).isTrue();
        assertThat(accepts(signature, "{\"a\":1,\"b\":null}")).isTrue();
        assertThat(accepts(signature, "{\"a\":1,\"b\":\"x\"}")).isFalse();
        assertThat(accepts(signature, "{\"b\":1}")).isFalse();
    }

    @Test
    void columns_without_names_are_arrays() {
        Signature signature = inputs("[{\"type\":\"double\"},{\"type\":\"string\"}]");
        assertThat(accepts(signature, "[1,\"x\"]")).isTrue();
        assertThat(signature.input().columnNames()).isEmpty();
        assertThat(signature.input().width()).hasValue(2);
    }

    @Test
    void arrays_objects_and_maps_nest() {
        Signature signature = inputs("""
                [{"name":"x","type":"array","items":{"type":"object","properties":{
                  "k":{"type":"string","required":true},
                  "m":{"type":"map","values":{"type":"double"},"required":false}}}}]""");
        assertThat(accepts(signature, "[[{\"k\":\"a\",\"m\":{\"p\":1}},{\"k\":\"b\"}]]"))
                .isTrue();
        assertThat(accepts(signature, "[[{\"m\":{}}]]")).isFalse();
        assertThat(accepts(signature, "[[{\"k\":\"a\",\"m\":{\"p\":\"q\"}}]]")).isFalse();
        assertThat(accepts(signature, "[[{\"k\":\"a\",\"other\":1}]]")).isFalse();
    }

    @Test
    void a_tensor_without_a_name_is_a_row_of_its_shape() {
        Signature matrix = inputs("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float64\",\"shape\":[-1,3]}}]");
        assertThat(matrix.input().width()).hasValue(3);
        assertThat(accepts(matrix, "[1,2.5,3]")).isTrue();
        assertThat(accepts(matrix, "[1,2]")).isFalse();
        Signature cube = inputs("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"int32\",\"shape\":[-1,2,-1]}}]");
        assertThat(accepts(cube, "[[1],[2,3]]")).isTrue();
        assertThat(accepts(cube, "[[1]]")).isFalse();
        assertThat(accepts(cube, "[[1.5],[2]]")).isFalse();
        Signature flat = inputs("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"str\",\"shape\":[-1]}}]");
        assertThat(accepts(flat, "\"a\"")).isTrue();
    }

    @Test
    void tensors_with_names_are_objects() {
        Signature signature = inputs("""
                [{"name":"a","type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,2]}},
                 {"name":"b","type":"tensor","tensor-spec":{"dtype":"bool","shape":[-1]}}]""");
        assertThat(accepts(signature, "{\"a\":[1,2],\"b\":true}")).isTrue();
        assertThat(accepts(signature, "{\"a\":[1,2]}")).isFalse();
    }

    @Test
    void a_type_hint_makes_a_row_one_value() {
        Signature signature = MlflowSignature.read(
                        Json.object().put("inputs", "[{\"type\":\"string\",\"required\":true}]"), true)
                .orElseThrow();
        assertThat(accepts(signature, "\"hello\"")).isTrue();
        assertThat(accepts(signature, "[\"hello\"]")).isFalse();
    }

    @Test
    void outputs_are_one_prediction() {
        assertThat(output("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"int64\",\"shape\":[-1]}}]"))
                .isEqualTo(Schemas.number(true));
        assertThat(output("[{\"type\":\"string\"}]")).isEqualTo(Schemas.STRING);
        assertThat(output("[{\"type\":\"double\",\"name\":\"y\"}]")).isInstanceOf(Schema.Obj.class);
        assertThat(output("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float64\",\"shape\":[-1,3]}}]"))
                .isInstanceOf(Schema.Arr.class);
    }

    private static Schema output(String outputs) {
        return MlflowSignature.read(Json.object().put("outputs", outputs), false)
                .orElseThrow()
                .output()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "integer, long, COMPATIBLE",
        "long, integer, BREAKING",
        "float, double, COMPATIBLE",
        "double, float, COMPATIBLE",
        "integer, double, COMPATIBLE",
        "double, integer, BREAKING",
        "string, double, BREAKING"
    })
    void widening_is_compatible_and_narrowing_is_breaking(String before, String after, ChangeImpact verdict) {
        Comparison comparison = Compatibility.compare(inputs(column(before)), inputs(column(after)));
        assertThat(comparison.verdict()).isEqualTo(verdict);
    }

    @Test
    void a_new_optional_column_is_an_addition_and_a_new_required_one_breaks() {
        String a = "{\"name\":\"a\",\"type\":\"double\",\"required\":false}";
        Signature one = inputs("[" + a + "]");
        Signature optional = inputs("[" + a + ",{\"name\":\"b\",\"type\":\"double\",\"required\":false}]");
        Signature required = inputs("[" + a + ",{\"name\":\"b\",\"type\":\"double\"}]");
        assertThat(Compatibility.compare(one, optional).verdict()).isEqualTo(ChangeImpact.COMPATIBLE);
        assertThat(Compatibility.compare(one, required).verdict()).isEqualTo(ChangeImpact.BREAKING);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"name":"a","type":"double"},{"type":"double"}]
            [{"name":"a","type":"double"},{"name":"a","type":"long"}]
            {"name":"a"}
            [1]
            [{"type":"tensor"}]
            [{"type":"tensor","tensor-spec":{"dtype":"int8","shape":["x"]}}]
            [{"name":"a","type":
            """)
    void what_is_no_signature_is_refused_by_the_name_of_the_file(String inputs) {
        ProblemException refused = Assertions.assertThrows(ProblemException.class, () -> inputs(inputs));
        assertThat(refused.problem().field()).contains("MLmodel");
        assertThat(refused.problem().type().status()).isEqualTo(422);
    }

    @Test
    void what_is_read_is_kept_and_read_back_equal() {
        Signature signature = inputs("""
                [{"name":"a","type":"long"},{"name":"b","type":"array","items":{"type":"any"},"required":false},
                 {"name":"c","type":"map","values":{"type":"datetime"}}]""");
        assertThat(Signature.fromJson(Json.parse(Json.write(signature.toJson()), "signature")))
                .isEqualTo(signature);
    }
}
