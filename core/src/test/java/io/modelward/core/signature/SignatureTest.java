package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SignatureTest {

    private static final String NUMBERS = "{\"type\":\"array\",\"items\":{\"type\":\"number\"}}";
    private static final List<String> XY = List.of("x", "y");

    @Test
    void anArrayOfNumbersIsOneRowWhoseLengthIsTheNumberOfFeatures() {
        Input input = input(NUMBERS, 4, List.of(), null);
        assertThat(input.row()).isEqualTo(fixed(Schemas.NUMBER, 4));
        assertThat(input.width()).hasValue(4);
        assertThat(input(NUMBERS, -1, List.of(), "[[1,2],[3,4]]").width()).hasValue(2);
        assertThat(input(NUMBERS, -1, List.of(), "[1,2,3]").width()).hasValue(3);
        assertThat(input(NUMBERS, -1, XY, null).width()).hasValue(2);
        assertThat(input(NUMBERS, -1, List.of(), null).width()).isEmpty();
    }

    @Test
    void aBatchIsReducedToItsRow() {
        assertThat(input("{\"type\":\"array\",\"items\":" + NUMBERS + "}", 4, List.of(), null))
                .isEqualTo(input(NUMBERS, 4, List.of(), null));
        assertThat(input(
                                "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"x\":true}}}",
                                1,
                                List.of(),
                                null)
                        .columnNames())
                .containsExactly("x");
    }

    @Test
    void anObjectIsARowByColumnName() {
        Input input = input(
                "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"number\"},\"y\":true},\"required\":[\"x\"]}",
                -1,
                List.of(),
                "{\"x\":1}");
        assertThat(input.columnNames()).containsExactly("x", "y");
        assertThat(input.width()).isEmpty();
        assertThat(input.row()).isInstanceOf(Schema.Obj.class);
    }

    @Test
    void aTextModelTakesStrings() {
        assertThat(input("{\"type\":\"string\"}", -1, List.of(), "[\"good\",\"bad\"]")
                        .row())
                .isEqualTo(Schemas.STRING);
    }

    @Test
    void withoutASchemaTheSampleTells() {
        assertThat(input(null, -1, List.of(), "[[1,2],[3.5,4]]").row()).isEqualTo(fixed(Schemas.NUMBER, 2));
        assertThat(input(null, -1, XY, "[[1,\"a\"],[2,\"b\"]]").row())
                .isEqualTo(
                        new Schema.Arr(List.of(Schemas.NUMBER, Schemas.STRING), Schema.NOTHING, 2, OptionalInt.of(2)));
        Input objects = input(null, -1, List.of(), "[{\"x\":1,\"y\":\"a\"},{\"x\":null}]");
        assertThat(objects.columnNames()).containsExactly("x", "y");
        assertThat(objects.row()).isInstanceOfSatisfying(Schema.Obj.class, row -> {
            assertThat(row.required()).containsExactly("x");
            assertThat(row.properties()).containsEntry("x", Schemas.union(List.of(Schemas.NUMBER, new Schema.Null())));
            assertThat(row.closed()).isTrue();
        });
    }

    @Test
    void withoutASampleTheNumberOfFeaturesTells() {
        assertThat(input(null, 3, List.of(), null).row()).isEqualTo(fixed(Schema.ANY, 3));
        assertThat(input(null, -1, XY, null).row()).isEqualTo(fixed(Schema.ANY, 2));
        assertThat(input(null, -1, List.of(), null).row()).isEqualTo(Schema.ANY);
        assertThat(input(null, -1, List.of(), "[]").row()).isEqualTo(Schema.ANY);
    }

    @Test
    void sourcesThatDisagreeAreRefused() {
        String four = "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}";
        Problems.refused("training_data.features", () -> input(four, 5, List.of(), null));
        Problems.refused("sample", () -> input(four, 4, List.of(), "[[1,2,3]]"));
        Problems.refused("sample", () -> input(NUMBERS, 4, List.of(), "[1,2,3]"));
        Problems.refused("sample", () -> input(null, -1, List.of(), "[[1,2,3],[1]]"));
        Problems.refused("training_data.features", () -> input(null, 2, List.of(), "[[1,2,3]]"));
        Problems.refused("feature_names", () -> input(NUMBERS, 4, XY, null));
        Problems.refused("feature_names", () -> input(NUMBERS, 2, List.of("x", "x"), null));
        Problems.refused(
                "feature_names", () -> input("{\"type\":\"object\",\"properties\":{\"x\":true}}", -1, XY, null));
        Problems.refused("sample[1][0]", () -> input(NUMBERS, 2, List.of(), "[[1,2],[\"a\",2]]"));
        Problems.refused(
                "input_schema.items.type",
                () -> input("{\"type\":\"array\",\"items\":{\"type\":\"float\"}}", 4, List.of(), null));
    }

    @Test
    void survivesItsJsonForm() {
        for (String schema : List.of(
                NUMBERS,
                "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"number\",\"exclusiveMinimum\":1e30,\"multipleOf\":0.1}}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"number\",\"maximum\":12345678901234567890}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"uniqueItems\":true}",
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}",
                "{\"type\":\"string\",\"pattern\":\"^a\",\"format\":\"date\"}",
                "{\"enum\":[1,\"a\",null,{\"x\":[1.5]}]}")) {
            Signature signature = signature(schema, schema);
            Signature again = Signature.fromJson(Json.parse(Json.write(signature.toJson()), "x"));
            assertThat(again).isEqualTo(signature);
            assertThat(Json.write(again.toJson())).isEqualTo(Json.write(signature.toJson()));
            assertThat(Signature.fromJson(signature.toJson())).isEqualTo(signature);
        }
        Signature iris = new Signature(input(NUMBERS, 2, XY, null), Optional.empty());
        assertThat(Signature.fromJson(iris.toJson())).isEqualTo(iris);
        assertThat(Json.write(iris.toJson()))
                .isEqualTo(
                        "{\"input\":{\"row\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,\"maxItems\":2},"
                                + "\"columns\":[\"x\",\"y\"],\"width\":2}}");
        Problems.invalid("signature", () -> Signature.fromJson(Json.object()));
    }

    static Signature signature(String input, String output) {
        return Signature.of(
                Optional.ofNullable(input).map(SignatureTest::json),
                Optional.ofNullable(output).map(SignatureTest::json),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
    }

    static Input input(String schema, int features, List<String> names, String sample) {
        return Signature.of(
                        Optional.ofNullable(schema).map(SignatureTest::json),
                        Optional.empty(),
                        features < 0 ? OptionalInt.empty() : OptionalInt.of(features),
                        names,
                        Optional.ofNullable(sample).map(SignatureTest::json))
                .input();
    }

    private static Schema.Arr fixed(Schema items, int width) {
        return new Schema.Arr(List.of(), items, width, OptionalInt.of(width));
    }

    private static JsonNode json(String text) {
        return Json.parse(text, "x");
    }
}
