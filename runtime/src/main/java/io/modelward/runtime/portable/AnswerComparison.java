package io.modelward.runtime.portable;

import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import java.util.Arrays;
import java.util.List;

/** Compares answers of the evaluator with those of the worker, and remembers the largest difference. */
final class AnswerComparison {

    private static final double RELATIVE = 1e-9;
    private static final double ABSOLUTE = 1e-12;

    private double largest;

    /** The largest difference so far: relative to the larger number, and of numbers below 1 the difference itself. */
    double largest() {
        return largest;
    }

    /**
     * Whether two numbers are equal enough.
     *
     * @param exact whether they must be the same number
     */
    boolean equal(double ours, double theirs, boolean exact) {
        if (ours == theirs || (Double.isNaN(ours) && Double.isNaN(theirs))) {
            return true;
        }
        double difference = Math.abs(ours - theirs);
        double size = Math.max(Math.abs(ours), Math.abs(theirs));
        if (!(difference <= ABSOLUTE + RELATIVE * size) || exact || Double.isInfinite(size)) {
            return false;
        }
        largest = Math.max(largest, difference / Math.max(1, size));
        return true;
    }

    /** The first row that differs, or -1. */
    int firstDifference(double[] ours, OutputColumn.Dense theirs, int rows, boolean exact) {
        int width = rows == 0 ? 0 : ours.length / rows;
        for (int i = 0; i < ours.length; i++) {
            double their = switch (theirs.type()) {
                case DOUBLE -> theirs.data().getDouble(8 * i);
                case LONG -> theirs.data().getLong(8 * i);
                case BOOLEAN -> theirs.data().get(i);
            };
            if (!equal(ours[i], their, exact)) {
                return i / width;
            }
        }
        return -1;
    }

    /** Whether both have the same columns of the same types. */
    static boolean alike(Predictions ours, Predictions theirs) {
        if (ours.columns().size() != theirs.columns().size()) {
            return false;
        }
        for (int i = 0; i < ours.columns().size(); i++) {
            OutputColumn one = ours.columns().get(i);
            OutputColumn other = theirs.columns().get(i);
            if (!one.quotedName().equals(other.quotedName()) || !alike(one, other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean alike(OutputColumn one, OutputColumn other) {
        return one instanceof OutputColumn.Dense dense
                ? other instanceof OutputColumn.Dense same
                        && dense.type() == same.type()
                        && Arrays.equals(dense.shape(), same.shape())
                : other instanceof OutputColumn.Values;
    }

    /** The rows, counted from the first of the answers, in which two answers of one form differ. */
    int[] differences(Predictions ours, Predictions theirs, boolean exact) {
        boolean[] differs = new boolean[ours.rows()];
        List<OutputColumn> columns = ours.columns();
        for (int i = 0; i < columns.size(); i++) {
            for (int row = 0; row < ours.rows(); row++) {
                differs[row] |= differs(
                        columns.get(i), ours.from() + row, theirs.columns().get(i), theirs.from() + row, exact);
            }
        }
        int[] rows = new int[ours.rows()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            if (differs[row]) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private boolean differs(OutputColumn ours, int row, OutputColumn theirs, int theirRow, boolean exact) {
        if (ours instanceof OutputColumn.Dense one && theirs instanceof OutputColumn.Dense other) {
            int perRow = one.perRow();
            for (int i = 0; i < perRow; i++) {
                boolean same = switch (one.type()) {
                    case DOUBLE ->
                        equal(
                                one.data().getDouble(8 * (row * perRow + i)),
                                other.data().getDouble(8 * (theirRow * perRow + i)),
                                exact);
                    case LONG ->
                        one.data().getLong(8 * (row * perRow + i))
                                == other.data().getLong(8 * (theirRow * perRow + i));
                    case BOOLEAN ->
                        one.data().get(row * perRow + i) == other.data().get(theirRow * perRow + i);
                };
                if (!same) {
                    return true;
                }
            }
            return false;
        }
        return !Arrays.equals(json(ours, row), json(theirs, theirRow));
    }

    private static byte[] json(OutputColumn column, int row) {
        JsonBytes json = new JsonBytes();
        column.write(row, json);
        return json.toArray();
    }
}
