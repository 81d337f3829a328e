package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SignatureWordsTest {

    private static Signature signature(String input, String output) {
        return Signature.of(
                Optional.of(Json.parse(input, "input_schema")),
                Optional.of(Json.parse(output, "output_schema")),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void each_column_has_a_line_with_its_kind_and_whether_it_is_needed() {
        Signature signature = signature("""
                {"type": "object", "required": ["age"], "properties":
                 {"age": {"type": "integer"}, "city": {"type": ["string", "null"]}}}""", "{\"type\": \"number\"}");
        assertThat(SignatureWords.input(signature))
                .containsExactly(
                        new SignatureWords.Line("age", "an integer", true),
                        new SignatureWords.Line("city", "a string or null", false));
        assertThat(SignatureWords.output(signature)).containsExactly(new SignatureWords.Line("", "a number", true));
    }

    @Test
    void values_of_an_array_are_numbered() {
        Signature signature = signature(
                "{\"type\": \"array\", \"items\": {\"type\": \"number\"}, \"minItems\": 2, \"maxItems\": 2}", "{}");
        assertThat(SignatureWords.input(signature))
                .extracting(SignatureWords.Line::name)
                .containsExactly("1", "2");
    }

    @Test
    void of_a_very_wide_row_the_first_values_are_told() {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (int i = 0; i < 1000; i++) {
            properties.putObject("column" + i).put("type", "number");
        }
        Signature signature = signature(Json.write(schema), "{}");
        assertThat(SignatureWords.input(signature)).hasSize(301);
        assertThat(SignatureWords.input(signature).getLast().kind()).isEqualTo("and 700 more values");
    }

    @Test
    void what_is_not_known_has_no_line() {
        assertThat(SignatureWords.input(Signature.unknown())).isEmpty();
        assertThat(SignatureWords.output(Signature.unknown())).isEmpty();
    }
}
