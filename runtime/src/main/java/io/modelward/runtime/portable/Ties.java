package io.modelward.runtime.portable;

import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.Form;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows whose first two classes have the same score but for the last bits: there the library itself does not
 * always choose the same class.
 */
final class Ties {

    private static final double CLOSE = 1e-12;

    private final Evaluator evaluator;
    private final FormRows rows;
    /** The values from which an answer's classes are chosen, by number. */
    private final int[] scores;

    Ties(Evaluator evaluator, FormRows rows) {
        this.evaluator = evaluator;
        this.rows = rows;
        this.scores = evaluator.form().answers().stream()
                .mapToInt(Form.AnswerPart::node)
                .map(node -> scores(evaluator, node))
                .filter(node -> node >= 0)
                .toArray();
    }

    private static int scores(Evaluator evaluator, int value) {
        int at = value;
        while (at > 0) {
            Node node = evaluator.form().nodes().get(at - 1);
            if (node.op().equals("select_class")) {
                return node.inputs()[0];
            }
            if (!node.op().equals("labels")) {
                return -1;
            }
            at = node.inputs()[0];
        }
        return -1;
    }

    boolean isTie(Instances request, int row) {
        if (scores.length == 0) {
            return false;
        }
        try {
            Value one = rows.value(request.slice(row, row + 1));
            for (int value : scores) {
                if (evaluator.value(one, value) instanceof NumericValue found && isClose(found.cells())) {
                    return true;
                }
            }
            return false;
        } catch (Refused refused) {
            return false;
        }
    }

    private static boolean isClose(double @Nullable [] scores) {
        if (scores == null || scores.length == 0) {
            return false;
        }
        if (scores.length == 1) {
            return Math.abs(scores[0]) < CLOSE || Math.abs(scores[0] - 0.5) < CLOSE;
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double first = sorted[sorted.length - 1];
        double second = sorted[sorted.length - 2];
        double least = sorted[0];
        double next = sorted[1];
        return first - second <= CLOSE * Math.max(Math.abs(first), Math.abs(second))
                || next - least <= CLOSE * Math.max(Math.abs(next), Math.abs(least));
    }
}
