package io.modelward.runtime;

import java.util.List;

/**
 * The answers to one request: rows {@code from} to {@code from + rows - 1} of columns that may hold other requests'
 * rows too. Each prediction is an object by column name, or the value of the one column that has no name.
 *
 * @param batchRequests how many requests were computed together
 */
public record Predictions(List<OutputColumn> columns, int from, int rows, int batchRequests) {

    /** About the bytes that these answers take. */
    public long bytes() {
        long sum = 0;
        for (OutputColumn column : columns) {
            sum += column.bytes(from, rows);
        }
        return sum;
    }

    /** At most so many bytes has the text of one prediction. */
    public long longestRow() {
        long sum = 2;
        for (OutputColumn column : columns) {
            sum += column.quotedName().length() + 2 + column.longestText(from, rows);
        }
        return sum;
    }

    /**
     * Writes them as a JSON array.
     *
     * @throws io.modelward.core.problem.ProblemException of kind MODEL_FAILED when a value is infinite, which JSON
     *     cannot say
     */
    public void write(JsonBytes out) {
        for (int row = 0; row < rows; row++) {
            write(row, out);
        }
        end(out);
    }

    /** Writes one prediction with the text before it; call for 0, 1, 2 … {@link #rows}, then {@link #end}. */
    public void write(int row, JsonBytes out) {
        out.put(row == 0 ? '[' : ',');
        writeRow(row, out);
    }

    /** Writes the text after the last prediction. */
    public void end(JsonBytes out) {
        out.put(rows == 0 ? "[]" : "]");
    }

    /** Whether each prediction is an object by column name. */
    public boolean objects() {
        return columns.size() != 1 || !columns.getFirst().quotedName().equals("\"\"");
    }

    /** Writes one prediction; {@code row} counts from the first of this request. */
    public void writeRow(int row, JsonBytes out) {
        if (!objects()) {
            columns.getFirst().write(from + row, out);
            return;
        }
        out.put('{');
        for (int i = 0; i < columns.size(); i++) {
            out.put(i == 0 ? "" : ",").put(columns.get(i).quotedName()).put(':');
            columns.get(i).write(from + row, out);
        }
        out.put('}');
    }
}
