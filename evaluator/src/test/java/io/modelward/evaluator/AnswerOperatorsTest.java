package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operators that make answers, with answers that NumPy, SciPy and scikit-learn give. */
class AnswerOperatorsTest {

    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private static double[] link(String name, int outputs, double... row) throws Exception {
        return FormBuilder.matrix(row.length)
                .node("{'op':'link','in':[0],'name':" + name + "}")
                .of(outputs, row);
    }

    @Test
    void linear_adds_the_intercept() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .array(new int[] {2, 2}, 1, 2, 3, 4)
                        .array(10, 20)
                        .node("{'op':'linear','in':[0],'coefficients':{'array':0},'intercept':{'array':1}}")
                        .of(2, 5, 6))
                .containsExactly(27, 59);
    }

    @Test
    void links_are_those_of_scikit_learn() throws Exception {
        double p = 1 / (1 + Math.exp(-2));
        assertThat(link("'expit'", 2, 2, 0)).containsExactly(p, 0.5);
        assertThat(link("'logistic'", 1, -1000)).containsExactly(0);
        assertThat(link("'binary_expit'", 2, 2)).containsExactly(1 - p, p);
        assertThat(link("'binary'", 2, 0.25)).containsExactly(0.75, 0.25);
        assertThat(link("'pair'", 2, 0.25)).containsExactly(-0.25, 0.25);
        assertThat(link("'softmax'", 2, 1000, 1000)).containsExactly(0.5, 0.5);
        assertThat(link("'softmax'", 2, 1, NAN)).containsExactly(NAN, NAN);
        assertThat(link("'exp_normalize'", 2, -1000, -1000 + Math.log(3)))
                .containsExactly(new double[] {0.25, 0.75}, within(1e-12));
        assertThat(link("'exp_normalize'", 2, 1, -INF)).containsExactly(1, 0);
        assertThat(link("'exp_normalize'", 2, -INF, -INF)).containsExactly(NAN, NAN);
        assertThat(link("'exp_shifted'", 2, -1000, -1000 + Math.log(3)))
                .containsExactly(new double[] {0.25, 0.75}, within(1e-12));
        assertThat(link("'exp_shifted'", 2, -1e77, -1e77)).containsExactly(new double[] {0.5, 0.5}, within(1e-15));
        assertThat(link("'log'", 1, 1)).containsExactly(0);
        assertThat(link("'exp'", 1, 0)).containsExactly(1);
        assertThat(link("'relu'", 3, -1, 2, NAN)).containsExactly(0, 2, NAN);
        assertThat(link("'tanh'", 1, 0.5)).containsExactly(new double[] {0.46211715726000974}, within(1e-15));
        assertThat(link("'identity'", 1, 7)).containsExactly(7);
        assertThat(link("'normalize','zero':'stay'", 2, 1, 3)).containsExactly(0.25, 0.75);
        assertThat(link("'normalize','zero':'stay'", 2, 0, 0)).containsExactly(0, 0);
        assertThat(link("'normalize','zero':'uniform'", 2, 0, 0)).containsExactly(0.5, 0.5);
    }

    @Test
    void means_sums_and_quotients() throws Exception {
        assertThat(FormBuilder.matrix(2)
                        .node("{'op':'multiply','in':[0],'by':3}")
                        .node("{'op':'mean','in':[0,1],'weights':null}")
                        .of(2, 1, 2))
                .containsExactly(2, 4);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'multiply','in':[0],'by':3}")
                        .node("{'op':'mean','in':[0,1],'weights':[1,3]}")
                        .of(1, 2))
                .containsExactly(5);
        assertThat(FormBuilder.matrix(1)
                        .array(100)
                        .node("{'op':'multiply','in':[0],'by':3}")
                        .node("{'op':'sum','in':[0,1],'scale':[10,1],'start':{'array':0}}")
                        .node("{'op':'quotient','in':[2,1]}")
                        .of(1, 2))
                .containsExactly(21);
    }

    @Test
    void the_class_is_chosen_by_a_rule() throws Exception {
        String node = "{'op':'select_class','in':[0],'rule':%s}";
        assertThat(FormBuilder.matrix(3).node(node.formatted("'argmax'")).of(1, 1, 2, 2, 1, NAN, 5, NAN, 1, NAN))
                .containsExactly(1, 1, 0);
        assertThat(FormBuilder.matrix(3).node(node.formatted("'argmin'")).of(1, 1, 0, 0, 1, NAN, 0))
                .containsExactly(1, 1);
        assertThat(FormBuilder.matrix(1).node(node.formatted("'positive'")).of(1, 0, 1, NAN))
                .containsExactly(0, 1, 0);
        assertThat(FormBuilder.matrix(1).node(node.formatted("'not_negative'")).of(1, 0, -1, NAN))
                .containsExactly(1, 0, 0);
        assertThat(FormBuilder.matrix(2)
                        .node(node.formatted("'threshold','column':1,'at':0.5"))
                        .of(1, 9, 0.5, 9, 0.4))
                .containsExactly(1, 0);
        assertThat(FormBuilder.matrix(2)
                        .node(node.formatted("'greater','column':1,'at':0.5"))
                        .of(1, 9, 0.5, 9, 0.6))
                .containsExactly(0, 1);
    }

    @Test
    void votes_are_counted_in_order() throws Exception {
        FormBuilder vote = FormBuilder.matrix(1)
                .node("{'op':'lookup','in':[0],'values':{'array':0}}")
                .array(2, 1, 0)
                .node("{'op':'vote','in':[0,1,1],'weights':[2,1,1],'classes':3}");
        assertThat(vote.of(1, 0, 1, 2)).containsExactly(0, 1, 0);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'ballot','in':[0,0],'weights':[2,1],'classes':3}")
                        .of(3, 1))
                .containsExactly(0, 3, 0);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'ballot','in':[0],'weights':[2],'against':[-1],'classes':3}")
                        .of(3, 1))
                .containsExactly(-1, 2, -1);
        assertThatThrownBy(() -> vote.of(1, 3)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> vote.of(1, 0.5)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> vote.of(1, NAN)).isInstanceOf(Refused.class);
    }

    @Test
    void the_median_is_weighted() throws Exception {
        FormBuilder median = FormBuilder.matrix(3)
                .node("{'op':'columns','in':[0],'indices':[0]}")
                .node("{'op':'columns','in':[0],'indices':[1]}")
                .node("{'op':'columns','in':[0],'indices':[2]}")
                .node("{'op':'weighted_median','in':[1,2,3],'weights':[1,1,5]}");
        assertThat(median.of(1, 3, 2, 1, 1, 2, 9, NAN, 2, 1)).containsExactly(1, 9, 1);
    }

    @Test
    void gaussian_interpolate_path_score_and_constant() throws Exception {
        assertThat(FormBuilder.matrix(1)
                        .array(new int[] {2, 1}, 0, 1)
                        .array(new int[] {2, 1}, 1, 4)
                        .array(-1, -2)
                        .node(
                                "{'op':'gaussian','in':[0],'means':{'array':0},'variances':{'array':1},'priors':{'array':2}}")
                        .of(2, 2))
                .containsExactly(
                        new double[] {-1 - 0.5 * Math.log(2 * Math.PI) - 2, -2 - 0.5 * Math.log(8 * Math.PI) - 0.125},
                        within(1e-14));
        assertThat(FormBuilder.matrix(1)
                        .array(0, 1, 1, 3)
                        .array(0, 5, 6, 7)
                        .node("{'op':'interpolate','in':[0],'x':{'array':0},'y':{'array':1}}")
                        .of(1, NAN, 0.5, 1, 2, -1, 9))
                .containsExactly(NAN, 2.5, 6, 6.5, 0, 7);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'path_score','in':[0],'denominator':4}")
                        .of(1, 8))
                .containsExactly(-0.25);
        assertThat(FormBuilder.matrix(1)
                        .node("{'op':'path_score','in':[0],'denominator':0}")
                        .of(1, 0))
                .containsExactly(-0.5);
        assertThat(FormBuilder.matrix(1)
                        .array(4, 5)
                        .node("{'op':'constant','in':[0],'values':{'array':0}}")
                        .of(2, NAN))
                .containsExactly(4, 5);
    }

    @Test
    void labels_stand_in_the_answer() throws Exception {
        FormBuilder form = FormBuilder.matrix(1).node("{'op':'labels','in':[0],'labels':[['a','b \\u00e9']]}");
        Evaluator evaluator = form.build("[{'name':'','node':1,'shape':[],'dtype':'json'}]");
        Answer answer =
                evaluator.answer(NumericValue.of(new double[] {1, 0}, 2, 1)).getFirst();
        byte[][] texts = ((Answer.Data.Texts) answer.data()).rows();
        assertThat(new String(texts[0], StandardCharsets.UTF_8)).isEqualTo("\"b é\"");
        assertThat(new String(texts[1], StandardCharsets.UTF_8)).isEqualTo("\"a\"");
        for (double bad : new double[] {-1, 2, 0.5, NAN, INF}) {
            assertThatThrownBy(() -> evaluator.answer(NumericValue.of(new double[] {bad}, 1, 1)))
                    .isInstanceOf(Refused.class);
        }
        List<Answer> numbers = FormBuilder.matrix(2)
                .node("{'op':'labels','in':[0],'labels':[[5,7],[true,false]]}")
                .node("{'op':'columns','in':[0],'indices':[0]}")
                .node("{'op':'labels','in':[2],'labels':[[5,7]]}")
                .build("[{'name':'n','node':3,'shape':[],'dtype':'i8'}]")
                .answer(NumericValue.of(new double[] {1, 0}, 1, 2));
        assertThat(((Answer.Data.Longs) numbers.getFirst().data()).items()).containsExactly(7);
    }

    @Test
    void an_infinite_answer_is_refused() throws Exception {
        Evaluator exp = FormBuilder.matrix(1)
                .node("{'op':'link','in':[0],'name':'exp'}")
                .build(1);
        assertThatThrownBy(() -> exp.answer(NumericValue.of(new double[] {1e9}, 1, 1)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("infinite");
    }
}
