package io.modelward.evaluator;

import io.modelward.evaluator.rows.JsonCells;
import java.nio.charset.StandardCharsets;

/** JSON values one after the other. */
record GivenCells(byte[] bytes, int[] ends) implements JsonCells {

    static GivenCells of(String... values) {
        StringBuilder all = new StringBuilder();
        int[] ends = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            all.append(values[i]);
            ends[i] = all.toString().getBytes(StandardCharsets.UTF_8).length;
        }
        return new GivenCells(all.toString().getBytes(StandardCharsets.UTF_8), ends);
    }

    @Override
    public int rows() {
        return ends.length;
    }

    @Override
    public int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    @Override
    public int end(int row) {
        return ends[row];
    }
}
