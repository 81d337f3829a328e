package io.modelward.runtime.portable;

import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import io.modelward.runtime.serving.Engine;
import java.io.IOException;
import java.util.List;

/** Answers as the model's own library does. */
interface Oracle {

    /**
     * Computes one step of the model.
     *
     * @param requests rows of the value that the step takes; each request is computed by itself
     * @return one result for each request; an answer has one column of numbers
     */
    List<Engine.Result> step(int step, List<Value> requests) throws IOException;

    /** Computes the whole model; each request by itself. */
    List<Engine.Result> whole(List<Instances> requests) throws IOException;
}
