package io.modelward.core.evidence;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Ticks as lines {@code split,n_canary,x_canary,n_active,x_active}, a header with these names being optional. */
public final class TicksCsv {

    private static final List<String> COLUMNS = List.of("split", "n_canary", "x_canary", "n_active", "x_active");
    private static final Pattern FRACTION = Pattern.compile("(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private TicksCsv() {}

    /** @throws ProblemException invalid, naming the line, from 1, and the column */
    public static List<Tick> parse(String text) {
        List<Tick> ticks = new ArrayList<>();
        boolean first = true;
        int number = 0;
        // Spreadsheets begin a text with a byte order mark.
        String lines = text.startsWith("\uFEFF") ? text.substring(1) : text;
        for (String line : lines.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                List<String> cells =
                        List.of(line.split(",", -1)).stream().map(String::strip).toList();
                if (!first || !cells.equals(COLUMNS)) {
                    ticks.add(tick(number, cells));
                }
                first = false;
            }
        }
        return ticks;
    }

    private static Tick tick(int line, List<String> cells) {
        if (cells.size() != COLUMNS.size()) {
            int column = Math.min(cells.size(), COLUMNS.size() - 1);
            throw wrong(
                    line,
                    column,
                    cells.size() + " columns where " + COLUMNS.size() + " belong: " + String.join(",", COLUMNS) + ".");
        }
        double split = fraction(line, cells.getFirst());
        long[] counts = new long[COLUMNS.size()];
        for (int column = 1; column < counts.length; column++) {
            counts[column] = count(line, column, cells.get(column));
        }
        try {
            return Tick.of(split, counts[1], counts[2], counts[3], counts[4]);
        } catch (ProblemException outOfRange) {
            Problem problem = outOfRange.problem();
            int column = problem.field().map(COLUMNS::indexOf).orElse(0);
            throw wrong(line, column, Quoted.of(cells.get(column)) + " is out of range. " + problem.detail());
        }
    }

    private static double fraction(int line, String cell) {
        if (!FRACTION.matcher(cell).matches()) {
            throw wrong(line, 0, Quoted.of(cell) + " is no fraction from 0 to 1.");
        }
        return Double.parseDouble(cell);
    }

    private static long count(int line, int column, String cell) {
        if (!COUNT.matcher(cell).matches()) {
            throw wrong(line, column, Quoted.of(cell) + " is no whole number from 0.");
        }
        return Long.parseLong(cell);
    }

    private static ProblemException wrong(int line, int column, String what) {
        String name = COLUMNS.get(column);
        return ProblemException.invalid(name, "Line " + line + ", column " + (column + 1) + " (" + name + "): " + what);
    }
}
