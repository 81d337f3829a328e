package io.modelward.runtime;

import java.util.List;

/**
 * The answers to one request: rows {@code from} to {@code from + rows - 1} of columns that may hold other requests' rows too. Each
 * prediction is an object by column name, or the value of the one column that has no name.
 *
 * @param batchRequests how many requests were computed together
 */
public record Predictions(List<OutputColumn> columns, int from, int rows, int batchRequests) {

    /**
     * Writes them as a JSON array.
     *
     * @throws io.modelward.core.problem.ProblemException of kind MODEL_FAILED when a value is infinite, which JSON cannot say
     */
    public void write(JsonBytes out) {
        out.put('[');
        for (int row = 0; row < rows; row++) {
            out.put(row > 0 ? "," : "");
            writeRow(row, out);
        }
        out.put(']');
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
