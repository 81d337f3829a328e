package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import java.util.Arrays;
import java.util.Random;

/** Forms of random forests whose trees are full. */
final class RandomForest {

    private RandomForest() {}

    /** On float64. */
    static FormBuilder make(int trees, int depth, int width, int outputs, long seed) {
        return add(FormBuilder.matrix(width), trees, depth, width, outputs, seed, 0);
    }

    /** On float32, which the node before makes. */
    static FormBuilder makeSingle(int trees, int depth, int width, int outputs, long seed) {
        FormBuilder form = FormBuilder.matrix(width)
                .node("{'op':'numeric','in':[0],'dtype':'f4','missing':'take','infinite':'refuse'}");
        return add(form, trees, depth, width, outputs, seed, 1);
    }

    private static FormBuilder add(
            FormBuilder form, int trees, int depth, int width, int outputs, long seed, int from) {
        Random random = new Random(seed);
        int size = (2 << depth) - 1;
        int inner = (1 << depth) - 1;
        int[] roots = new int[trees];
        int[] feature = new int[trees * size];
        int[] left = new int[trees * size];
        int[] right = new int[trees * size];
        int[] missing = new int[trees * size];
        double[] threshold = new double[trees * size];
        double[] value = new double[trees * size * outputs];
        Arrays.fill(feature, -1);
        for (int tree = 0; tree < trees; tree++) {
            roots[tree] = tree * size;
            for (int i = 0; i < inner; i++) {
                int at = tree * size + i;
                feature[at] = random.nextInt(width);
                threshold[at] = random.nextGaussian();
                left[at] = tree * size + 2 * i + 1;
                right[at] = tree * size + 2 * i + 2;
                missing[at] = random.nextInt(2);
            }
        }
        for (int i = 0; i < value.length; i++) {
            value[i] = random.nextDouble();
        }
        return form.whole(roots)
                .whole(feature)
                .array(threshold)
                .whole(left)
                .whole(right)
                .whole(missing)
                .array(new int[] {trees * size, outputs}, value)
                .node("{'op':'trees','in':[" + from + "],'roots':{'array':0},'feature':{'array':1},"
                        + "'threshold':{'array':2},'left':{'array':3},'right':{'array':4},'missing_left':{'array':5},"
                        + "'value':{'array':6},'outputs':" + outputs + ",'compare':'le','divide':" + trees + "}");
    }

    /** Many rows at once have the answers that the rows have alone. */
    static void checkBatches(Evaluator evaluator, int width) throws Refused {
        Random random = new Random(3);
        double[] cells = new double[1_001 * width];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = random.nextInt(20) == 0 ? Double.NaN : (float) random.nextGaussian();
        }
        double[] all = items(evaluator, cells, width);
        int outputs = all.length / 1_001;
        for (int row = 0; row < 1_001; row++) {
            double[] alone = items(evaluator, Arrays.copyOfRange(cells, row * width, (row + 1) * width), width);
            assertThat(alone).containsExactly(Arrays.copyOfRange(all, row * outputs, (row + 1) * outputs));
        }
    }

    private static double[] items(Evaluator evaluator, double[] cells, int width) throws Refused {
        Answer answer = evaluator
                .answer(NumericValue.of(cells, cells.length / width, width))
                .getFirst();
        return ((Answer.Data.Doubles) answer.data()).items();
    }
}
