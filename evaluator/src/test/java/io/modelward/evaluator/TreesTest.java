package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.value.NumericValue;
import org.junit.jupiter.api.Test;

/** Sums of trees, and trees that are none. */
class TreesTest {

    private static final double NAN = Double.NaN;
    private static final String ARRAYS = "'roots':{'array':0},'feature':{'array':1},'threshold':{'array':2},"
            + "'left':{'array':3},'right':{'array':4},'missing_left':{'array':5},'value':{'array':6}";
    private static final String PLAIN = "{'op':'trees','in':[0]," + ARRAYS + ",'outputs':1,'compare':'le'%s}";

    /** Two trees: one asks whether column 0 is ≤ 0.1, the other one is a leaf. */
    private static FormBuilder stump(FormBuilder form, double threshold, int left, int right, int feature) {
        return form.whole(0, 3)
                .whole(feature, -1, -1, -1)
                .array(threshold, 0, 0, 0)
                .whole(left, 0, 0, 0)
                .whole(right, 0, 0, 0)
                .whole(1, 0, 0, 0)
                .array(new int[] {4, 1}, 99, 10, 20, 0.5);
    }

    private static FormBuilder stump(FormBuilder form) {
        return stump(form, 0.1, 1, 2, 0);
    }

    @Test
    void leaves_are_added() throws Exception {
        assertThat(stump(FormBuilder.matrix(1)).node(PLAIN.formatted("")).of(1, 0, 0.1, 0.2, NAN))
                .containsExactly(10.5, 10.5, 20.5, 10.5);
        assertThat(stump(FormBuilder.matrix(1))
                        .node(PLAIN.replace("'le'", "'lt'").formatted(""))
                        .of(1, 0.1, NAN))
                .containsExactly(20.5, 10.5);
    }

    @Test
    void a_float32_is_compared_as_a_float64() throws Exception {
        assertThat(stump(FormBuilder.single(1)).node(PLAIN.formatted("")).of(1, 0.1f, Math.nextDown(0.1f)))
                .containsExactly(20.5, 10.5);
    }

    @Test
    void sums_have_a_start_a_scale_and_a_divisor() throws Exception {
        assertThat(stump(FormBuilder.matrix(1))
                        .array(100)
                        .node(PLAIN.formatted(",'start':{'array':7},'scale':0.1,'divide':2"))
                        .of(1, 0))
                .containsExactly((100 + 0.1 * 10 + 0.1 * 0.5) / 2);
        assertThat(stump(FormBuilder.matrix(1))
                        .node(PLAIN.replace("'in':[0]", "'in':[0,0]").formatted(""))
                        .of(1, -5))
                .containsExactly(5.5);
        assertThat(stump(FormBuilder.matrix(1))
                        .array(2, 4)
                        .node(PLAIN.formatted(",'weights':{'array':7}"))
                        .of(1, 0))
                .containsExactly(22);
        assertThat(stump(FormBuilder.matrix(1))
                        .node(PLAIN.formatted(",'sum':'f4'"))
                        .of(1, 0))
                .containsExactly(10.5);
    }

    @Test
    void trees_add_to_the_columns_that_they_name() throws Exception {
        assertThat(stump(FormBuilder.matrix(1))
                        .whole(1, 0)
                        .node(PLAIN.replace("'outputs':1", "'outputs':2").formatted(",'target':{'array':7}"))
                        .of(2, 1))
                .containsExactly(0.5, 20);
    }

    @Test
    void categories_go_by_their_bits() throws Exception {
        FormBuilder form = stump(FormBuilder.matrix(1))
                .whole(0, -1, -1, -1)
                .whole(new int[] {1, 2}, 1 << 3, 1 << 1)
                .node(PLAIN.formatted(",'category':{'array':7},'bitsets':{'array':8}"));
        assertThat(form.of(1, 3, 3.9, 33, 2, -1, NAN, 64, 1e300))
                .containsExactly(10.5, 10.5, 10.5, 20.5, 10.5, 10.5, 20.5, 20.5);
    }

    @Test
    void many_rows_and_one_row_have_the_same_bits() throws Exception {
        Evaluator evaluator =
                RandomForest.make(50, 6, 4, 3, 7).build("[{'name':'','node':1,'shape':[3],'dtype':'f8'}]");
        RandomForest.checkBatches(evaluator, 4);
        Evaluator single =
                RandomForest.makeSingle(50, 6, 4, 3, 7).build("[{'name':'','node':2,'shape':[3],'dtype':'f8'}]");
        RandomForest.checkBatches(single, 4);
    }

    @Test
    void trees_with_a_cycle_a_wrong_child_or_no_threshold_are_refused() {
        assertBad(stump(FormBuilder.matrix(1), 0.1, 0, 2, 0), "comes before its parent");
        assertBad(stump(FormBuilder.matrix(1), 0.1, -1, 2, 0), "comes before its parent");
        assertBad(stump(FormBuilder.matrix(1), 0.1, 1, 1, 0), "two nodes lead to");
        assertBad(stump(FormBuilder.matrix(1), 0.1, 1, 3, 0), "two nodes lead to");
        assertBad(stump(FormBuilder.matrix(1), 0.1, 1, Integer.MAX_VALUE, 0), "not there");
        assertBad(stump(FormBuilder.matrix(1), NAN, 1, 2, 0), "not a number");
        assertBad(stump(FormBuilder.matrix(1), 0.1, 1, 2, 1), "column");
        assertBad(stump(FormBuilder.matrix(1), 0.1, 1, 2, -2), "column");
    }

    @Test
    void trees_that_are_leaves_take_rows_without_columns() throws Exception {
        FormBuilder form = FormBuilder.matrix(0)
                .whole(0)
                .whole(-1)
                .array(0)
                .whole(0)
                .whole(0)
                .whole(0)
                .array(new int[] {1, 1}, 7)
                .node(PLAIN.formatted(""));
        assertThat(form.of(NumericValue.of(new double[0], 9, 0), 1))
                .containsOnly(7)
                .hasSize(9);
    }

    private static void assertBad(FormBuilder form, String words) {
        assertThatThrownBy(() -> form.node(PLAIN.formatted("")).build(1))
                .isInstanceOf(BadForm.class)
                .hasMessageContaining(words);
    }
}
