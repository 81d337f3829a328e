package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.ClassIndex;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts votes: each column of the inputs holds the index of the class that a voter is for. */
public final class ClassVotes implements Operator {

    private final int voters;
    private final int classes;
    private final double[] weights;
    /** What a vote adds to each other class; null when it adds nothing. */
    private final double @Nullable [] against;

    private final boolean winner;

    private ClassVotes(int voters, int classes, double[] weights, double @Nullable [] against, boolean winner) {
        this.voters = voters;
        this.classes = classes;
        this.weights = weights;
        this.against = against;
        this.winner = winner;
    }

    /** Makes the operator {@code vote}: the class with the most votes. */
    public static Operator vote(Node node, Shape[] inputs) throws BadForm {
        return of(node, inputs, true);
    }

    /** Makes the operator {@code ballot}: the votes for each class. */
    public static Operator ballot(Node node, Shape[] inputs) throws BadForm {
        return of(node, inputs, false);
    }

    private static Operator of(Node node, Shape[] inputs, boolean winner) throws BadForm {
        long voters = 0;
        for (Shape input : inputs) {
            if (!input.numbers()) {
                throw node.bad("takes numbers");
            }
            voters += input.width();
        }
        int classes = node.whole("classes", 1, 1 << 16);
        double[] weights;
        if (node.has("weights")) {
            weights = node.numbers("weights");
        } else {
            weights = new double[(int) Math.min(voters, 1 << 20)];
            Arrays.fill(weights, 1);
        }
        if (weights.length != voters) {
            throw node.bad("has weights for " + weights.length + " votes, and takes " + voters);
        }
        double[] against = node.has("against") ? node.numbers("against") : null;
        if (against != null && (winner || against.length != voters)) {
            throw node.bad("has votes against classes that do not fit");
        }
        return new ClassVotes((int) voters, classes, weights, against, winner);
    }

    @Override
    public Value apply(Value[] inputs) throws Refused {
        int rows = inputs[0].rows();
        int width = winner ? 1 : classes;
        double[] result = new double[rows * width];
        double[] votes = winner ? new double[classes] : result;
        for (int row = 0; row < rows; row++) {
            int base = winner ? 0 : row * classes;
            if (winner) {
                Arrays.fill(votes, 0);
            }
            int voter = 0;
            for (Value input : inputs) {
                NumericValue numbers = (NumericValue) input;
                for (int i = 0; i < numbers.columns(); i++) {
                    add(votes, base, ClassIndex.of(numbers.at(row, i), classes), voter++);
                }
            }
            if (winner) {
                int best = 0;
                for (int i = 1; i < classes; i++) {
                    if (votes[i] > votes[best]) {
                        best = i;
                    }
                }
                result[row] = best;
            }
        }
        return NumericValue.of(result, rows, width);
    }

    private void add(double[] votes, int base, int chosen, int voter) {
        if (against == null) {
            votes[base + chosen] += weights[voter];
            return;
        }
        for (int i = 0; i < classes; i++) {
            votes[base + i] += i == chosen ? weights[voter] : against[voter];
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(winner ? 1 : classes);
    }

    @Override
    public long work() {
        return 2L * classes + (against == null ? voters : (long) voters * classes);
    }
}
