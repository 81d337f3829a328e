package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelward.evaluator.rows.RowsToValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operators that prepare, with answers that NumPy and scikit-learn give. */
class PrepareTest {

    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final String NUMERIC = "{'op':'numeric','in':[0],'dtype':'%s','missing':'%s','infinite':'%s'}";

    private static FormBuilder numeric(FormBuilder form, String dtype, String missing, String infinite) {
        return form.node(NUMERIC.formatted(dtype, missing, infinite));
    }

    private static Value rows(List<String> names, GivenCells... cells) throws Exception {
        return RowsToValue.of(FormBuilder.frame(String.join(",", names))
                        .array(0)
                        .node("{'op':'constant','in':[0],'values':{'array':0}}")
                        .build(1)
                        .input())
                .columns(names, List.of(cells), cells[0].rows());
    }

    @Test
    void columns_and_concat_and_scatter_move_columns() throws Exception {
        assertThat(FormBuilder.matrix(3)
                        .node("{'op':'columns','in':[0],'indices':[2,0,2]}")
                        .node("{'op':'concat','in':[1,0]}")
                        .of(6, 1, 2, 3))
                .containsExactly(3, 1, 3, 1, 2, 3);
        assertThat(FormBuilder.matrix(2)
                        .node("{'op':'scatter','in':[0],'indices':[3,1],'width':4}")
                        .of(4, 5, 6, 7, 8))
                .containsExactly(0, 6, 0, 5, 0, 8, 0, 7);
    }

    @Test
    void numeric_refuses_what_scikit_learn_refuses() throws Exception {
        assertThat(numeric(FormBuilder.matrix(1), "f8", "take", "take").of(1, NAN))
                .containsExactly(NAN);
        assertThatThrownBy(() ->
                        numeric(FormBuilder.matrix(2), "f8", "refuse", "take").of(2, 1, NAN))
                .isInstanceOf(Refused.class)
                .hasMessage("Input X contains NaN.");
        assertThatThrownBy(() ->
                        numeric(FormBuilder.matrix(2), "f8", "take", "refuse").of(2, -INF, NAN))
                .hasMessage("Input X contains infinity or a value too large for dtype('float64').");
        assertThatThrownBy(() ->
                        numeric(FormBuilder.matrix(1), "f4", "refuse", "refuse").of(1, 3.5e38))
                .hasMessage("Input X contains infinity or a value too large for dtype('float32').");
    }

    @Test
    void numeric_rounds_to_float32() throws Exception {
        assertThat(numeric(FormBuilder.matrix(1), "f4", "refuse", "refuse").of(1, 0.1))
                .containsExactly(0.1f);
        assertThat(numeric(FormBuilder.matrix(1), "keep", "refuse", "refuse").of(1, 0.1))
                .containsExactly(0.1);
    }

    @Test
    void numeric_reads_texts_as_python_does() throws Exception {
        FormBuilder form = numeric(FormBuilder.frame("a"), "f8", "take", "take");
        Value rows = rows(
                List.of("a"),
                GivenCells.of("\" 1_0.5 \"", "\"-1e3\"", "\"nan\"", "null", "\".5\"", "\"\\u0661\"", "true", "7"));
        assertThat(form.of(rows, 1)).containsExactly(10.5, -1000, NAN, NAN, 0.5, 1, 1, 7);
        for (String text : List.of("x", "", "1__0", "0x10", "1d", "1f", ".", "1 2", "infinit")) {
            Value bad = rows(List.of("a"), GivenCells.of("\"" + text + "\""));
            assertThatThrownBy(() -> form.of(bad, 1)).hasMessage("could not convert string to float");
        }
    }

    @Test
    void numeric_refuses_none_and_truth_when_the_form_says_so() throws Exception {
        FormBuilder form = FormBuilder.frame("a")
                .node(
                        "{'op':'numeric','in':[0],'dtype':'f8','missing':'take','infinite':'take','refuse':['none','truth']}");
        assertThat(form.of(rows(List.of("a"), GivenCells.of("1", "null")), 1)).containsExactly(1, NAN);
        for (GivenCells cells : List.of(
                GivenCells.of("null"), GivenCells.of("true"), GivenCells.of("true", "1"), GivenCells.of("\"1\""))) {
            Value bad = rows(List.of("a"), cells);
            assertThatThrownBy(() -> form.of(bad, 1)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void arithmetic_goes_step_after_step() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .array(1, 2)
                        .node("{'op':'arithmetic','in':[0],'steps':[{'do':'subtract','by':{'array':0}},"
                                + "{'do':'multiply','by':3},{'do':'divide','by':2},{'do':'add','by':1},"
                                + "{'do':'maximum','by':0},{'do':'minimum','by':5},{'do':'power','by':2}]}")
                        .of(2, 2, 100, NAN, -7))
                .containsExactly(6.25, 25, NAN, 0);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'arithmetic','in':[0],'steps':[{'do':'power','by':{'nan':true}}]}")
                        .of(1, 1))
                .containsExactly(1);
    }

    @Test
    void arithmetic_on_float32_rounds_each_step() throws Exception {
        double[] found = FormBuilder.single(1)
                .array(0.1)
                .node("{'op':'arithmetic','in':[0],'steps':[{'do':'multiply','by':{'array':0}},{'do':'add','by':0.1}]}")
                .of(1, 3);
        assertThat(found).containsExactly((float) ((double) (float) (3 * 0.1) + (double) 0.1f));
    }

    @Test
    void functions_are_those_of_numpy() throws Exception {
        String[][] cases = {
            {"log", "2.5", "0.9162907318741551"},
            {"log1p", "1e-10", "9.9999999995e-11"},
            {"log2", "10", "3.321928094887362"},
            {"log10", "1000", "2.9999999999999996"},
            {"exp", "1", "2.718281828459045"},
            {"expm1", "1e-10", "1.00000000005e-10"},
            {"exp2", "0.5", "1.4142135623730951"},
            {"sqrt", "2", "1.4142135623730951"},
            {"cbrt", "-27", "-3"},
            {"square", "-3", "9"},
            {"abs", "-3", "3"},
            {"sign", "-0.5", "-1"},
            {"negative", "3", "-3"},
            {"reciprocal", "4", "0.25"},
            {"sin", "1", "0.8414709848078965"},
            {"cos", "1", "0.5403023058681398"},
            {"tan", "1", "1.5574077246549023"},
            {"arcsin", "0.5", "0.5235987755982989"},
            {"arccos", "0.5", "1.0471975511965979"},
            {"arctan", "1", "0.7853981633974483"},
            {"sinh", "1", "1.1752011936438014"},
            {"cosh", "1", "1.5430806348152437"},
            {"tanh", "1", "0.7615941559557649"},
            {"floor", "-1.5", "-2"},
            {"ceil", "1.2", "2"},
            {"trunc", "-1.7", "-1"},
            {"rint", "2.5", "2"},
            {"expit", "2", "0.8807970779778823"},
            {"logit", "0.9", "2.1972245773362196"},
            {"logit", "0.4", "-0.40546510810816433"}
        };
        for (String[] each : cases) {
            double found = FormBuilder.matrix(1)
                    .node("{'op':'function','in':[0],'name':'" + each[0] + "'}")
                    .of(1, Double.parseDouble(each[1]))[0];
            double wanted = Double.parseDouble(each[2]);
            assertThat(found).as(each[0]).isCloseTo(wanted, within(1e-12 * Math.abs(wanted)));
        }
    }

    @Test
    void missing_numbers_are_replaced_and_marked() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .array(7, 8)
                        .node("{'op':'impute','in':[0],'value':null,'fill':{'array':0}}")
                        .of(2, NAN, 1, 2, NAN))
                .containsExactly(7, 1, 2, 8);
        assertThat(FormBuilder.matrix(2)
                        .array(7, 8)
                        .node("{'op':'impute','in':[0],'value':-1,'fill':{'array':0}}")
                        .of(2, -1, -1))
                .containsExactly(7, 8);
        FormBuilder marks =
                FormBuilder.matrix(2).node("{'op':'missing','in':[0],'value':null,'indices':[1],'others':'refuse'}");
        assertThat(marks.of(1, 0, NAN, 0, 1)).containsExactly(1, 0);
        assertThatThrownBy(() -> marks.of(1, NAN, 1)).isInstanceOf(Refused.class);
    }

    @Test
    void missing_objects_are_replaced_and_marked() throws Exception {
        String encode = "{'op':'encode','in':[%s],'how':'ordinal','dtype':'f8','columns':"
                + "[{'categories':['a','b',null,{'nan':true},3,true],'codes':[0,1,2,3,4,5],'unknown':-9}]}";
        FormBuilder nan = FormBuilder.frame("a")
                .node("{'op':'impute_objects','in':[0],'missing':{'nan':true},'fill':['b']}")
                .node(encode.formatted(1));
        Value texts = rows(List.of("a"), GivenCells.of("\"a\"", "null", "\"z\""));
        assertThat(nan.of(texts, 1)).containsExactly(0, 1, -9);
        Value mixed = rows(List.of("a"), GivenCells.of("\"a\"", "null", "3", "true", "1", "2"));
        assertThat(nan.of(mixed, 1)).containsExactly(0, 2, 4, 5, 5, -9);
        FormBuilder none = FormBuilder.frame("a")
                .node("{'op':'impute_objects','in':[0],'missing':{'none':true},'fill':[3],'nan':'refuse'}")
                .node(encode.formatted(1));
        assertThat(none.of(rows(List.of("a"), GivenCells.of("null", "true")), 1))
                .containsExactly(4, 5);
        assertThatThrownBy(() -> none.of(texts, 1)).hasMessage("Input contains NaN");
        FormBuilder marks =
                FormBuilder.frame("a").node("{'op':'missing_objects','in':[0],'missing':{'value':'a'},'indices':[0]}");
        assertThat(marks.of(rows(List.of("a"), GivenCells.of("\"a\"", "\"b\"")), 1))
                .containsExactly(1, 0);
    }

    @Test
    void encode_makes_codes_and_places() throws Exception {
        FormBuilder form = FormBuilder.frame("city,n")
                .node("{'op':'encode','in':[0],'how':'onehot','dtype':'f8','columns':["
                        + "{'categories':['x','y'],'codes':[0,1],'width':2,'unknown':-1},"
                        + "{'categories':[0,1.5],'codes':[-1,0],'width':1,'unknown':'refuse'}]}");
        List<String> names = List.of("city", "n");
        assertThat(form.of(rows(names, GivenCells.of("\"y\"", "\"q\""), GivenCells.of("1.5", "-0.0")), 3))
                .containsExactly(0, 1, 1, 0, 0, 0);
        Value unknown = rows(names, GivenCells.of("\"y\""), GivenCells.of("2"));
        assertThatThrownBy(() -> form.of(unknown, 3))
                .hasMessage("Found unknown categories in column 1 during transform");
    }

    @Test
    void encode_refuses_a_column_of_numbers_for_texts() throws Exception {
        FormBuilder form = FormBuilder.frame("a")
                .node("{'op':'encode','in':[0],'how':'ordinal','dtype':'f8','columns':"
                        + "[{'categories':['x'],'codes':[0],'numbers':'refuse','unknown':-1}]}");
        assertThat(form.of(rows(List.of("a"), GivenCells.of("\"x\"", "1")), 1)).containsExactly(0, -1);
        Value numbers = rows(List.of("a"), GivenCells.of("1"));
        assertThatThrownBy(() -> form.of(numbers, 1)).isInstanceOf(Refused.class);
    }

    @Test
    void truth_values_alone_are_refused_where_the_library_refuses_them() throws Exception {
        FormBuilder encode = FormBuilder.frame("a")
                .node("{'op':'encode','in':[0],'how':'ordinal','dtype':'f8','columns':"
                        + "[{'categories':['x'],'codes':[0],'numbers':'refuse','unknown':-1}]}");
        FormBuilder impute = FormBuilder.frame("a")
                .node("{'op':'impute_objects','in':[0],'missing':{'nan':true},'fill':[1]}")
                .node("{'op':'numeric','in':[1],'dtype':'f8','missing':'refuse','infinite':'refuse'}");
        Value truths = rows(List.of("a"), GivenCells.of("true", "false"));
        for (FormBuilder form : List.of(encode, impute)) {
            assertThatThrownBy(() -> form.of(truths, 1)).isInstanceOf(Refused.class);
        }
        assertThat(impute.of(rows(List.of("a"), GivenCells.of("true", "1")), 1)).containsExactly(1, 1);
    }

    @Test
    void encode_takes_numbers_among_objects_one_by_one() throws Exception {
        FormBuilder form = FormBuilder.frame("a")
                .node("{'op':'encode','in':[0],'how':'ordinal','dtype':'f8','columns':"
                        + "[{'categories':['x',3],'codes':[0,1],'numbers':'refuse','unknown':-1}]}");
        Value objects = new TableValue(
                List.of(new TableValue.Column.Objects(new Object[] {3.0, 4.0, Double.POSITIVE_INFINITY})), 3);
        assertThat(form.of(objects, 1)).containsExactly(1, -1, -1);
    }

    @Test
    void rows_are_normalized_and_numbers_binarized() throws Exception {
        String node = "{'op':'normalize','in':[0],'norm':'%s'}";
        assertThat(FormBuilder.matrix(2).node(node.formatted("l1")).of(2, 1, -3))
                .containsExactly(0.25, -0.75);
        assertThat(FormBuilder.matrix(2).node(node.formatted("l2")).of(2, 3, 4)).containsExactly(0.6, 0.8);
        assertThat(FormBuilder.matrix(2).node(node.formatted("max")).of(2, 1, -2, 0, 0))
                .containsExactly(0.5, -1, 0, 0);
        assertThat(FormBuilder.matrix(3)
                        .node("{'op':'binarize','in':[0],'threshold':0.5}")
                        .of(3, 0.5, 0.6, NAN))
                .containsExactly(0, 1, 0);
    }

    @Test
    void products_build_on_earlier_products() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .whole(new int[] {4, 2}, -1, 0, -1, 1, 1, 1, 3, 0)
                        .node("{'op':'products','in':[0],'pairs':{'array':0},'bias':true}")
                        .of(5, 2, 3))
                .containsExactly(1, 2, 3, 6, 12);
    }

    @Test
    void numbers_go_into_bins() throws Exception {
        FormBuilder ordinal = FormBuilder.matrix(1)
                .array(1, 2)
                .node("{'op':'discretize','in':[0],'edges':[{'array':0}],'encode':'ordinal','counts':[3]}");
        assertThat(ordinal.of(1, 0, 1, 1.5, 2, 9)).containsExactly(0, 1, 1, 2, 2);
        assertThat(FormBuilder.matrix(1)
                        .array(1, 2)
                        .node("{'op':'discretize','in':[0],'edges':[{'array':0}],'encode':'onehot','counts':[3]}")
                        .of(3, 1))
                .containsExactly(0, 1, 0);
    }

    @Test
    void projections_and_distances() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .array(new int[] {2, 1}, 2, 3)
                        .array(1, 1)
                        .array(10)
                        .array(4)
                        .node("{'op':'project','in':[0],'matrix':{'array':0},'before':{'array':1},'after':{'array':2},"
                                + "'divide':{'array':3}}")
                        .of(1, 2, 3))
                .containsExactly(4.5);
        String node = "{'op':'distances','in':[0],'centres':{'array':0},'metric':'%s'}";
        for (String[] each : new String[][] {
            {"euclidean", "5", "0"}, {"squared", "25", "0"}, {"manhattan", "7", "0"}, {"rank", "0", "-25"}
        }) {
            assertThat(FormBuilder.matrix(2)
                            .array(new int[] {2, 2}, 0, 0, 3, 4)
                            .node(node.formatted(each[0]))
                            .of(2, 3, 4))
                    .containsExactly(Double.parseDouble(each[1]), Double.parseDouble(each[2]));
        }
    }

    @Test
    void powers_are_those_of_scipy() throws Exception {
        FormBuilder yeoJohnson =
                FormBuilder.matrix(4).array(0, 0.5, 2, 1.5).node("{'op':'yeo_johnson','in':[0],'lambdas':{'array':0}}");
        assertThat(yeoJohnson.of(4, 2, 2, -2, -2))
                .containsExactly(
                        new double[] {1.0986122886681098, 1.4641016151377544, -1.0986122886681098, -1.4641016151377544},
                        within(1e-14));
        FormBuilder boxCox =
                FormBuilder.matrix(2).array(0, 0.5).node("{'op':'box_cox','in':[0],'lambdas':{'array':0}}");
        assertThat(boxCox.of(2, 2, 4)).containsExactly(new double[] {Math.log(2), 2}, within(1e-14));
        assertThatThrownBy(() -> boxCox.of(2, 0, 4))
                .hasMessage("The Box-Cox transformation can only be applied to strictly positive data");
    }

    @Test
    void quantiles_are_those_of_scikit_learn() throws Exception {
        FormBuilder uniform = quantiles("uniform");
        assertThat(uniform.of(1, 0, 1, 1.5, 3, 9, -9, NAN)).containsExactly(0, 0.375, 0.625, 1, 1, 0, NAN);
        double[] normal = quantiles("normal").of(1, 0, 1, 1.5, 3);
        assertThat(normal)
                .containsExactly(
                        new double[] {-5.199337582605575, -0.3186393639643752, 0.3186393639643752, 5.19933758270342},
                        within(1e-12));
    }

    private static FormBuilder quantiles(String output) {
        return FormBuilder.matrix(1)
                .array(new int[] {5, 1}, 0, 1, 1, 2, 3)
                .array(0, 0.25, 0.5, 0.75, 1)
                .node("{'op':'quantiles','in':[0],'quantiles':{'array':0},'references':{'array':1},'output':'" + output
                        + "'}");
    }
}
