package io.modelward.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.signature.MlflowSignature;
import io.modelward.core.signature.Signature;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowReaderTest {

    private static Signature columns(String second) {
        return MlflowSignature.read(
                        Json.object()
                                .put(
                                        "inputs",
                                        "[{\"name\":\"a\",\"type\":\"double\"},{\"name\":\"b\",\"type\":\"" + second
                                                + "\"}]"),
                        false)
                .orElseThrow();
    }

    @Test
    void numbers_that_a_double_holds_travel_as_a_matrix() {
        assertThat(RowReader.of(columns("double")).form()).isEqualTo(RowReader.Form.MATRIX);
        assertThat(RowReader.of(columns("integer")).form()).isEqualTo(RowReader.Form.MATRIX);
    }

    @Test
    void whole_numbers_that_a_double_does_not_hold_are_not_made_doubles() {
        Signature unbounded = Signature.of(
                Optional.of(Json.parse("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}", "schema")),
                Optional.empty(),
                OptionalInt.of(2),
                List.of(),
                Optional.empty());
        RowReader reader = RowReader.of(unbounded);
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            Instances read = reader.read(List.of(Json.parse("[1," + number + "]", "row")));
            boolean exact = new BigDecimal((double) number).compareTo(BigDecimal.valueOf(number)) == 0;
            if (exact) {
                assertThat(((Instances.Matrix) read).values()[1]).isEqualTo((double) number);
            } else {
                assertThat(text(((Instances.Values) read).values())).isEqualTo("[1," + number + "]");
            }
        }
    }

    private static String text(JsonColumn column) {
        JsonBytes json = new JsonBytes();
        column.write(0, column.values(), json);
        return new String(json.toArray(), UTF_8);
    }

    @Test
    void rows_before_one_with_such_a_number_keep_their_values() {
        Signature named = Signature.of(
                Optional.of(Json.parse(
                        "{\"type\":\"object\",\"properties\":{\"k\":{\"type\":\"integer\"},\"x\":{\"type\":\"number\"}},"
                                + "\"required\":[\"k\"]}",
                        "schema")),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
        Instances.Table read = (Instances.Table) RowReader.of(named)
                .read(List.of(
                        Json.parse("{\"k\":7,\"x\":0.1}", "row"),
                        Json.parse("{\"k\":-3}", "row"),
                        Json.parse("{\"k\":9007199254740993,\"x\":2}", "row")));
        assertThat(read.columns()).containsExactly("k", "x");
        assertThat(text(read.cells().get(0))).isEqualTo("7,-3,9007199254740993");
        assertThat(text(read.cells().get(1))).isEqualTo("0.1,null,2");
    }

    @Test
    void a_column_that_all_rows_leave_out_is_not_there_and_one_that_is_null_is() {
        Signature optional = MlflowSignature.read(
                        Json.object()
                                .put(
                                        "inputs",
                                        "[{\"name\":\"a\",\"type\":\"double\",\"required\":false},{\"name\":\"b\",\"type\":\"long\",\"required\":false}]"),
                        false)
                .orElseThrow();
        RowReader reader = RowReader.of(optional);
        Instances.Table left =
                (Instances.Table) reader.read(List.of(Json.parse("{\"b\":null}", "row"), Json.parse("{}", "row")));
        assertThat(left.columns()).containsExactly("b");
        Instances.Table both = (Instances.Table) reader.read(List.of(Json.parse("{\"a\":null,\"b\":1}", "row")));
        assertThat(both.columns()).containsExactly("a", "b");
        assertThat(left.joins(both)).isFalse();
    }

    @Test
    void an_object_of_a_type_hint_is_one_value() {
        Signature hint = MlflowSignature.read(
                        Json.object()
                                .put(
                                        "inputs",
                                        "[{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"double\",\"required\":true}}}]"),
                        true)
                .orElseThrow();
        assertThat(RowReader.of(hint).form()).isEqualTo(RowReader.Form.VALUES);
        assertThat(RowReader.of(hint).blank(hint)).isPresent();
    }

    @Test
    void whole_numbers_of_64_bits_keep_every_digit() {
        RowReader reader = RowReader.of(columns("long"));
        assertThat(reader.read(List.of(Json.parse("[1.5,9007199254740993]", "row"))))
                .isInstanceOfSatisfying(
                        Instances.Table.class,
                        table -> assertThat(new String(table.cells().get(1).text(), UTF_8))
                                .isEqualTo("9007199254740993"));
    }
}
