package io.modelward.evaluator.form;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A portable form, as docs/portable-form.md has it: read and checked for its structure. Whether the operators are known
 * and fit together is found when the form becomes an {@link io.modelward.evaluator.Evaluator}.
 *
 * @param library the releases that made it, by package
 * @param model the class of the model
 * @param input the member {@code input}
 * @param nodes in order; node {@code k} makes value {@code k + 1}
 */
public record Form(
        Map<String, String> library,
        String model,
        JsonNode input,
        List<Node> nodes,
        List<Step> steps,
        List<AnswerPart> answers) {

    /** The version of the form that this release reads. */
    public static final int VERSION = 1;

    /**
     * A part of a model that can be computed alone.
     *
     * @param name in words for a user
     * @param method of the estimator
     * @param from the value that it takes
     * @param to the value that it makes
     */
    public record Step(String name, String method, int from, int to) {}

    /**
     * One output of a model.
     *
     * @param name empty when the output has none
     * @param node the value that holds it
     * @param shape of one row
     * @param dtype {@code f8}, {@code i8}, {@code b1} or {@code json}
     */
    public record AnswerPart(String name, int node, int[] shape, String dtype) {}
}
