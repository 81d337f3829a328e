package io.modelward.evaluator.operator;

/**
 * An operator whose result changes its rule at some values of its input: thresholds, edges, categories. Rows at these
 * values prove the operator best.
 */
public interface HasEdges {

    /** Takes values. */
    interface Sink {

        /** @param cell a String, a Double or a Boolean */
        void edge(int column, Object cell);
    }

    /** Tells the values, of its first input. */
    void edges(Sink sink);
}
