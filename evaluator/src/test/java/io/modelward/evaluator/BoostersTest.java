package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.value.Refused;
import org.junit.jupiter.api.Test;

/** What the trees and links of XGBoost and LightGBM have that scikit-learn's do not. */
class BoostersTest {

    private static final double NAN = Double.NaN;
    private static final double ZERO = 1e-35f;
    private static final String ARRAYS = "'roots':{'array':0},'feature':{'array':1},'threshold':{'array':2},"
            + "'left':{'array':3},'right':{'array':4},'missing_left':{'array':5},'value':{'array':6}";

    /** One tree that answers 10 to the left and 20 to the right; missing values go left. */
    private static FormBuilder stump(FormBuilder form, double threshold) {
        return form.whole(0)
                .whole(0, -1, -1)
                .array(threshold, 0, 0)
                .whole(1, 0, 0)
                .whole(2, 0, 0)
                .whole(1, 0, 0)
                .array(new int[] {3, 1}, 99, 10, 20);
    }

    private static double[] tree(double threshold, String more, double... rows) throws BadForm, Refused {
        return stump(FormBuilder.matrix(1), threshold)
                .whole(1, 0, 0)
                .whole(0, -1, -1)
                .whole(new int[] {1, 2}, 1 | 1 << 3, 1 << 1)
                .node("{'op':'trees','in':[0]," + ARRAYS + ",'outputs':1,'compare':'le'" + more + "}")
                .of(1, rows);
    }

    @Test
    void zeros_are_missing_where_a_node_says_so() throws Exception {
        double[] rows = {0, -0.0, ZERO, -ZERO, Math.nextUp(ZERO), Math.nextDown(-ZERO), NAN, -2};
        assertThat(tree(-1, ",'zero_missing':{'array':7}", rows)).containsExactly(10, 10, 10, 10, 20, 20, 10, 10);
        assertThat(tree(-1, "", rows)).containsExactly(20, 20, 20, 20, 20, 20, 10, 10);
    }

    @Test
    void values_below_zero_go_where_the_form_says() throws Exception {
        double[] rows = {0, 3, 3.9, 33, 1, 64, 1e30, -1, -0.5, -0.0, NAN};
        String byCategory = ",'category':{'array':8},'bitsets':{'array':9}";
        assertThat(tree(0, byCategory, rows)).containsExactly(10, 10, 10, 10, 20, 20, 20, 10, 10, 10, 10);
        assertThat(tree(0, byCategory + ",'negative':'right'", rows))
                .containsExactly(10, 10, 10, 10, 20, 20, 20, 20, 20, 10, 10);
        assertThat(tree(0, byCategory + ",'negative':'truncate'", rows))
                .containsExactly(10, 10, 10, 10, 20, 20, 20, 20, 10, 10, 10);
        assertThatThrownBy(() -> tree(0, byCategory + ",'negative':'up'", rows)).isInstanceOf(BadForm.class);
        assertThatThrownBy(() -> tree(0, ",'zero_missing':{'array':0}", rows)).isInstanceOf(BadForm.class);
    }

    @Test
    void sums_in_float32_are_rounded_after_each_tree() throws Exception {
        int trees = 20;
        int[] roots = new int[trees];
        int[] leaves = new int[trees];
        double[] values = new double[trees];
        float sum = 0.1f;
        for (int i = 0; i < trees; i++) {
            roots[i] = i;
            leaves[i] = -1;
            values[i] = (float) (1.0 / (i + 3));
            sum += (float) values[i];
        }
        FormBuilder form = FormBuilder.single(1)
                .whole(roots)
                .whole(leaves)
                .array(new double[trees])
                .whole(new int[trees])
                .whole(new int[trees])
                .whole(new int[trees])
                .array(new int[] {trees, 1}, values)
                .array(0.1f)
                .node("{'op':'trees','in':[0]," + ARRAYS
                        + ",'outputs':1,'compare':'lt','sum':'f4','start':{'array':7}}");
        assertThat(form.of(1, 0)).containsExactly(sum);
        // Eight rows and more are walked beside each other, and a row with NaN on another way.
        assertThat(form.of(1, 0, 1, 2, 3, 4, 5, 6, 7, NAN, 9)).containsOnly(sum);
    }

    private static double[] link(String name, int outputs, double... row) throws BadForm, Refused {
        return FormBuilder.single(row.length)
                .node("{'op':'link_f4','in':[0],'name':'" + name + "'}")
                .of(outputs, row);
    }

    /** Numbers that glibc's {@code expf} gave; of the first three the last bit is not that of the nearest float32. */
    @Test
    void exp_has_the_bits_of_the_c_library() throws Exception {
        assertThat(link(
                        "exp",
                        11,
                        0x1.3e031ap+1,
                        0x1.47e808p+1,
                        0x1.538e34p-1,
                        0x1.08794cp+2,
                        1,
                        -1,
                        0.5,
                        0x1.62ccccp+6,
                        -87.5,
                        -0x1.9f999ap+6,
                        -104))
                .containsExactly(
                        0x1.7fd50ep+3,
                        0x1.9eadccp+3,
                        0x1.f0e43cp+0,
                        0x1.f29ecep+5,
                        0x1.5bf0a8p+1,
                        0x1.78b564p-2,
                        0x1.a61298p+0,
                        0x1.f46ff8p+127,
                        0x1.b2caf0p-127,
                        0x1p-149,
                        0);
        assertThat(link("exp", 1, NAN)).containsExactly(NAN);
        assertThatThrownBy(() -> link("exp", 1, 89)).isInstanceOf(Refused.class);
    }

    @Test
    void links_in_float32_are_those_of_xgboost() throws Exception {
        assertThat(link("expit", 3, 0, -200, 200)).containsExactly(0.5, 1 / (0x1.f46ff8p+127f + 1), 1);
        assertThat(link("softmax", 2, 3, 3)).containsExactly(0.5, 0.5);
        float e = 0x1.78b564p-2f;
        assertThat(link("softmax", 2, 2, 1)).containsExactly(1 / (1 + e), e / (1 + e));
        assertThat(link("binary", 2, 0.1f)).containsExactly(1 - 0.1f, 0.1f);
        assertThat(link("step", 3, -1, 0, 1e-30f)).containsExactly(0, 0, 1);
        assertThatThrownBy(() -> link("binary", 2, 1, 2)).isInstanceOf(BadForm.class);
        assertThatThrownBy(() -> link("relu", 1, 1)).isInstanceOf(BadForm.class);
    }
}
