package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.ClassIndex;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import tools.jackson.databind.JsonNode;

/** Makes sure that each cell is the index of a label. The labels themselves are put in where the answer is made. */
public final class ClassLabels implements Operator {

    private final int[] counts;

    private ClassLabels(int[] counts) {
        this.counts = counts;
    }

    /** Makes the operator {@code labels}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        JsonNode labels = node.members().path("labels");
        if (inputs.length != 1 || !inputs[0].numbers() || labels.size() != inputs[0].width()) {
            throw node.bad("does not have a list of labels for each column of the numbers that it takes");
        }
        int[] counts = new int[labels.size()];
        for (int i = 0; i < counts.length; i++) {
            if (!labels.get(i).isArray()) {
                throw node.bad("needs lists in labels");
            }
            counts[i] = labels.get(i).size();
        }
        return new ClassLabels(counts);
    }

    @Override
    public Value apply(Value[] inputs) throws Refused {
        NumericValue input = (NumericValue) inputs[0];
        double[] cells = input.cells();
        int column = 0;
        for (int i = 0; i < input.rows() * counts.length; i++) {
            ClassIndex.of(cells[i], counts[column]);
            column = column + 1 == counts.length ? 0 : column + 1;
        }
        return input;
    }

    @Override
    public Shape shape() {
        return Shape.numbers(counts.length);
    }

    @Override
    public long work() {
        return counts.length;
    }
}
