package io.modelward.evaluator.operator;

import io.modelward.evaluator.value.Refused;

/** Reads the index of a class out of a cell. */
public final class ClassIndex {

    private ClassIndex() {}

    /**
     * The index in a cell.
     *
     * @throws Refused when the cell does not name one of the classes, which only a wrong form brings about
     */
    public static int of(double cell, int classes) throws Refused {
        int index = (int) cell;
        if (index != cell || index < 0 || index >= classes) {
            throw new Refused("ValueError", "a class index is out of range");
        }
        return index;
    }
}
