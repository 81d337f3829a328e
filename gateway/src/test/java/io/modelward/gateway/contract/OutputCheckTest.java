package io.modelward.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OutputCheckTest {

    private static OutputCheck check(String outputSchema) {
        return new OutputCheck(Signature.of(
                Optional.empty(),
                Optional.of(Json.parse(outputSchema.replace('\'', '"'), "output_schema")),
                OptionalInt.of(1),
                List.of(),
                Optional.empty()));
    }

    private static final OutputCheck IRIS =
            check("{'type':'object','properties':{'prediction':{'type':'integer','enum':[0,1,2]},"
                    + "'probabilities':{'type':'array','items':{'type':'number'},'minItems':3}}}");

    private static OutputColumn longs(String name, int[] shape, long... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            data.putLong(i * 8, values[i]);
        }
        return new OutputColumn.Dense("\"" + name + "\"", OutputColumn.Type.LONG, shape, data);
    }

    private static OutputColumn doubles(String name, int[] shape, double... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            data.putDouble(i * 8, values[i]);
        }
        return new OutputColumn.Dense("\"" + name + "\"", OutputColumn.Type.DOUBLE, shape, data);
    }

    private static Predictions rows(int from, int rows, OutputColumn... columns) {
        return new Predictions(List.of(columns), from, rows, 1);
    }

    @Test
    void an_answer_of_the_promised_form_passes() {
        assertThatCode(() -> IRIS.check(rows(
                        0,
                        2,
                        longs("prediction", new int[0], 0, 2),
                        doubles("probabilities", new int[] {3}, 1, 0, 0, 0, 0, 1))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_class_that_was_not_promised_is_named_by_its_place_in_the_callers_own_request() {
        // The columns hold other callers' rows too; this caller's begin at 2.
        assertThatThrownBy(() -> IRIS.check(rows(2, 2, longs("prediction", new int[0], 0, 9, 1, 7))))
                .hasMessageContaining("predictions[1].prediction")
                .hasMessageNotContaining("9");
    }

    @Test
    void too_short_an_array_is_wrong() {
        assertThatThrownBy(() -> IRIS.check(rows(0, 1, doubles("probabilities", new int[] {2}, 0.5, 0.5))))
                .hasMessageContaining("predictions[0].probabilities");
    }

    @Test
    void a_string_where_a_number_is_promised_is_wrong() {
        OutputColumn words = new OutputColumn.Values("\"\"", JsonColumn.of("1.5", "\"high\""));
        assertThatThrownBy(() -> check("{'type':'number'}").check(rows(0, 2, words)))
                .hasMessageContaining("predictions[1]");
    }

    @Test
    void a_missing_number_is_null_and_held_to_the_promise() {
        OutputColumn column = doubles("upper", new int[] {2}, 1, 2, Double.NaN, 4);
        OutputCheck numbers =
                check("{'type':'object','properties':{'upper':{'type':'array','items':{'type':'number'}}}}");
        assertThatCode(() -> numbers.check(rows(0, 1, column))).doesNotThrowAnyException();
        assertThatThrownBy(() -> numbers.check(rows(0, 2, column)))
                .hasMessageContaining("predictions[1].upper[0] must be a number, is null");
        OutputCheck nullable =
                check("{'type':'object','properties':{'upper':{'type':'array','items':{'type':['number','null']}}}}");
        assertThatCode(() -> nullable.check(rows(0, 2, column))).doesNotThrowAnyException();
        JsonBytes json = new JsonBytes();
        rows(1, 1, column).write(json);
        assertThat(new String(json.toArray(), StandardCharsets.UTF_8)).isEqualTo("[{\"upper\":[null,4.0]}]");
    }

    @Test
    void an_infinite_number_is_an_error_that_names_the_column_and_the_type() {
        assertThatThrownBy(() -> rows(0, 1, doubles("upper", new int[0], Double.NEGATIVE_INFINITY))
                        .write(new JsonBytes()))
                .hasMessageContaining("\"upper\"")
                .hasMessageContaining("infinite float64");
    }

    @Test
    void columns_with_names_are_wrong_where_one_value_is_promised() {
        assertThatThrownBy(() -> check("{'type':'number'}").check(rows(0, 1, doubles("a", new int[0], 1))))
                .hasMessageContaining("predictions[0] must be a number, is an object");
    }

    @Test
    void bounds_are_held() {
        OutputCheck share = check("{'type':'number','minimum':0,'maximum':1}");
        assertThatCode(() -> share.check(rows(0, 2, doubles("", new int[0], 0, 1))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> share.check(rows(0, 2, doubles("", new int[0], 0, 1.01))))
                .hasMessageContaining("predictions[1]");
    }

    @Test
    void without_a_promise_anything_passes() {
        OutputCheck none = new OutputCheck(
                Signature.of(Optional.empty(), Optional.empty(), OptionalInt.of(1), List.of(), Optional.empty()));
        assertThatCode(() -> none.check(rows(0, 1, new OutputColumn.Values("\"\"", JsonColumn.of("\"x\"")))))
                .doesNotThrowAnyException();
    }
}
