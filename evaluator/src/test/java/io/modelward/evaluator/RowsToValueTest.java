package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.evaluator.rows.RowsToValue;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Columns have the types that pandas and MLflow give them. */
class RowsToValueTest {

    private static final double NAN = Double.NaN;

    private static RowsToValue of(String type, boolean numbers) {
        return RowsToValue.of(new InputSpec(
                true,
                2,
                false,
                List.of("a", "b"),
                List.of(type, ""),
                numbers ? Set.of("a") : Set.of(),
                List.of("b", "a")));
    }

    private static TableValue.Column column(RowsToValue rows, String... cells) throws Refused {
        TableValue table = (TableValue)
                rows.columns(List.of("x", "a"), List.of(GivenCells.of(cells), GivenCells.of(cells)), cells.length);
        return table.cells().getFirst();
    }

    private static double[] doubles(TableValue.Column column) {
        return ((TableValue.Column.Doubles) column).cells();
    }

    @Test
    void types_follow_from_the_values() throws Exception {
        RowsToValue rows = of("", false);
        assertThat(doubles(column(rows, "1", "-2.5e-3", "null"))).containsExactly(1, -0.0025, NAN);
        assertThat(column(rows, "true", "false")).matches(found -> ((TableValue.Column.Doubles) found).truth());
        assertThat(((TableValue.Column.Texts) column(rows, "\"a\\n\\u00e9ü\"", "null")).cells())
                .containsExactly("a\néü", null);
        assertThat(((TableValue.Column.Objects) column(rows, "null")).cells()).containsExactly((Object) null);
        assertThat(((TableValue.Column.Objects) column(rows, "true", "null", "1", "\"x\"")).cells())
                .containsExactly(true, null, 1.0, "x");
        assertThatThrownBy(() -> column(rows, "[1]")).isInstanceOf(Refused.class);
    }

    @Test
    void whole_numbers_that_fit_no_64_bits_are_objects() throws Exception {
        RowsToValue rows = of("", false);
        for (String[] cells : new String[][] {
            {"18446744073709551616"},
            {"18446744073709551616", "0.5", "null"},
            {"-9223372036854775809"},
            {"9223372036854775808", "-1", "0.5"}
        }) {
            assertThat(column(rows, cells)).isInstanceOf(TableValue.Column.Objects.class);
        }
        for (String[] cells : new String[][] {
            {"9223372036854775808", "null"},
            {"18446744073709551615", "-1.5"},
            {"-9223372036854775808", "9223372036854775807"},
            {"1e30", "-2"}
        }) {
            assertThat(column(rows, cells)).isInstanceOf(TableValue.Column.Doubles.class);
        }
    }

    @Test
    void a_part_of_a_request_is_read_by_the_kinds_of_the_whole() throws Exception {
        RowsToValue rows = of("", false);
        List<String> names = List.of("a");
        var kinds = rows.kinds(names, List.of(GivenCells.of("null", "null", "\"x\"")));
        TableValue part = (TableValue) rows.columns(names, List.of(GivenCells.of("null", "null")), 2, kinds);
        assertThat(part.cells().getFirst()).isInstanceOf(TableValue.Column.Texts.class);
        var mixed = rows.kinds(names, List.of(GivenCells.of("1", "true")));
        assertThat(((TableValue) rows.columns(names, List.of(GivenCells.of("1")), 1, mixed))
                        .cells()
                        .getFirst())
                .isInstanceOf(TableValue.Column.Objects.class);
        var objects = rows.kinds(GivenCells.of("{\"a\":null}", "{}", "{\"a\":\"x\"}"));
        TableValue one = (TableValue) rows.values(GivenCells.of("{}"), objects);
        assertThat(one.cells().getFirst()).isInstanceOf(TableValue.Column.Texts.class);
    }

    @Test
    void numbers_are_read_to_the_last_bit() throws Exception {
        RowsToValue rows = of("double", false);
        Random random = new Random(11);
        String[] texts = new String[20_000];
        double[] wanted = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = switch (i % 5) {
                case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
                case 1 -> Long.toString(random.nextLong());
                case 2 -> Float.toString(random.nextFloat());
                case 3 -> random.nextInt(1000) + "." + random.nextInt(1000) + "e" + (random.nextInt(60) - 30);
                default -> "-0." + "0".repeat(random.nextInt(30)) + random.nextLong(1L << 62);
            };
            wanted[i] = Double.parseDouble(texts[i]);
        }
        assertThat(doubles(column(rows, texts))).containsExactly(wanted);
        assertThat(doubles(column(rows, "-0", "1E5", "18014398509481985", "12345678901234567890123", "1e-400")))
                .containsExactly(-0.0, 100_000, 18014398509481984.0, 1.2345678901234568E22, 0);
    }

    @Test
    void a_column_of_numbers_has_nan_for_null_alone() throws Exception {
        assertThat(doubles(column(of("", true), "null", "null"))).containsExactly(NAN, NAN);
        TableValue absent = (TableValue) of("", true).columns(List.of("b"), List.of(GivenCells.of("1")), 1);
        assertThat(doubles(absent.cells().getFirst())).containsExactly(NAN);
        TableValue none = (TableValue) of("", false).columns(List.of("b"), List.of(GivenCells.of("1")), 1);
        assertThat(((TableValue.Column.Objects) none.cells().getFirst()).cells())
                .containsExactly((Object) null);
    }

    @Test
    void the_types_of_a_signature_decide() throws Exception {
        assertThat(doubles(column(of("double", false), "0.1", "null"))).containsExactly(0.1, NAN);
        assertThat(doubles(column(of("float", false), "0.1"))).containsExactly(0.1f);
        assertThat(doubles(column(of("long", false), "1", "null"))).containsExactly(1, NAN);
        assertThat(((TableValue.Column.Objects) column(of("long", false), "9007199254740994", "null")).cells())
                .containsExactly(9007199254740994.0, null);
        assertThatThrownBy(() -> column(of("integer", false), "3000000000")).isInstanceOf(Refused.class);
        assertThat(column(of("boolean", false), "true")).matches(found -> ((TableValue.Column.Doubles) found).truth());
        assertThat(((TableValue.Column.Objects) column(of("boolean", false), "true", "null")).cells())
                .containsExactly(true, null);
        assertThat(((TableValue.Column.Texts) column(of("string", false), "\"x\"", "null")).cells())
                .containsExactly("x", null);
        RowsToValue typed = of("double", false);
        assertThatThrownBy(() -> typed.columns(List.of("b"), List.of(GivenCells.of("1")), 1))
                .isInstanceOf(Refused.class);
    }

    @Test
    void rows_without_names_have_the_order_of_the_contract() throws Exception {
        TableValue table = (TableValue) of("float", false).matrix(new double[] {1, 0.1, 3, 4}, 2, 2);
        assertThat(doubles(table.cells().get(0))).containsExactly(0.1f, 4);
        assertThat(doubles(table.cells().get(1))).containsExactly(1, 3);
        assertThatThrownBy(() -> of("", false).matrix(new double[] {1, 2, 3}, 1, 3))
                .hasMessage("X has 3 features, but the model is expecting 2 features as input.");
    }

    @Test
    void rows_that_are_objects_become_columns() throws Exception {
        TableValue table = (TableValue) of("", false)
                .values(GivenCells.of(
                        " {\"a\" : \"x\", \"c\":[1,{\"a\":2}], \"b\":true}".strip(),
                        "{}",
                        "{\"b\":null,\"\\u0061\":null}"));
        assertThat(((TableValue.Column.Texts) table.cells().get(0)).cells()).containsExactly("x", null, null);
        assertThat(((TableValue.Column.Objects) table.cells().get(1)).cells()).containsExactly(true, NAN, null);
        TableValue left = (TableValue) of("", false).values(GivenCells.of("{\"a\":null}", "{}"));
        assertThat(doubles(left.cells().getFirst())).containsExactly(NAN, NAN);
    }

    @Test
    void rows_that_are_arrays_become_a_matrix() throws Exception {
        RowsToValue rows = RowsToValue.of(new InputSpec(false, 2, true, List.of(), List.of(), Set.of(), List.of()));
        NumericValue numbers = (NumericValue) rows.values(GivenCells.of("[1, 0.1]", "[ true ,null ]"));
        assertThat(numbers.cells()).containsExactly(1, 0.1f, 1, NAN);
        assertThat(numbers.single()).isTrue();
        for (String bad : List.of("[1]", "[1,2,3]", "[1,\"x\"]", "[]", "7")) {
            assertThatThrownBy(() -> rows.values(GivenCells.of(bad))).as(bad).isInstanceOf(Refused.class);
        }
        assertThatThrownBy(() -> rows.values(GivenCells.of("[1,2]", "{}"))).isInstanceOf(Refused.class);
    }
}
