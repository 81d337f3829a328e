package io.modelward.evaluator.operator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import java.util.HashMap;
import java.util.Map;

/** All operators by their names in forms. */
public final class Operators {

    /** Makes the operator of a node, or says what is wrong with the node. */
    @FunctionalInterface
    public interface Factory {

        /** @param inputs what is known of the node's inputs */
        Operator of(Node node, Shape[] inputs) throws BadForm;
    }

    private static final Map<String, Factory> FACTORIES = new HashMap<>();

    static {
        FACTORIES.put("trees", Trees::of);
    }

    private Operators() {}

    /** @throws BadForm when the operator is not known, or the node does not fit its inputs */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        Factory factory = FACTORIES.get(node.op());
        if (factory == null) {
            throw new BadForm("the operator of node " + (node.number() - 1) + " is not known here");
        }
        return factory.of(node, inputs);
    }
}
