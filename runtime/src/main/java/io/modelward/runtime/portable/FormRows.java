package io.modelward.runtime.portable;

import io.modelward.evaluator.InputSpec;
import io.modelward.evaluator.value.Numbers;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;

/** Makes the rows of requests what a form takes, as the worker makes them what the model takes. */
final class FormRows {

    private final InputSpec input;

    FormRows(InputSpec input) {
        this.input = input;
    }

    /** @throws Refused when the model itself would raise for such rows */
    Value value(Instances instances) throws Refused {
        return switch (instances) {
            case Instances.Matrix(double[] values, int rows, int width) ->
                new Numbers(values, rows, width, input.single());
            default -> throw new Refused("ValueError", "not yet");
        };
    }
}
