package io.modelward.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Rows in aligned columns, two spaces apart, that fit a screen. Signs before a header say what its column is:
 *
 * <ul>
 *   <li>{@code >}: aligned to the right
 *   <li>{@code ~}: text that may be cut; the last such column is wrapped instead
 *   <li>{@code ?}: left out, from the right, when there is no room for all
 * </ul>
 *
 * All other columns are shown whole or not at all: a version that is cut would read as another one.
 */
final class Table {

    private static final String GAP = "  ";
    private static final String UNVERIFIED = " (unverified)";
    /** So wide a text is, as long as there are columns that can be left out. */
    private static final Widths GOOD = new Widths(20, 24);

    private static final Widths LEAST = new Widths(8, 16);
    /** A longer text in the last column is cut. */
    private static final int MOST_LINES = 3;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    private record Column(String title, boolean right, boolean text, boolean optional) {

        static Column of(String header) {
            String title = header;
            while (!title.isEmpty() && ">~?".indexOf(title.charAt(0)) >= 0) {
                title = title.substring(1);
            }
            String signs = header.substring(0, header.length() - title.length());
            return new Column(title, signs.contains(">"), signs.contains("~"), signs.contains("?"));
        }
    }

    /** The widths of a text, and of one in the last column. */
    private record Widths(int text, int last) {}

    /**
     * How the table looks on a screen.
     *
     * @param lines the header first, unless there is room for one column only; nothing trails a line
     * @param notes what is not in the table for lack of room, and what holds for all its rows
     */
    record Laid(List<String> lines, boolean hasHeader, List<String> notes) {}

    Table(String... headers) {
        this.columns = List.of(headers).stream().map(Column::of).toList();
    }

    Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("a row has one cell for each column");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Text.shown(cell));
        }
        rows.add(row);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines on a screen of any width. */
    List<String> lines() {
        return fit(OptionalInt.empty()).lines();
    }

    /** Fits the table to a screen. */
    Laid fit(OptionalInt width) {
        Map<Integer, String> claims = new TreeMap<>();
        List<List<String>> shown = withoutRepeatedClaim(claims);
        List<Integer> kept =
                new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        List<String> leftOut = new ArrayList<>();
        int room = width.orElse(Integer.MAX_VALUE);
        while (all(shown, kept, GOOD) > room && dropped(shown, kept) >= 0) {
            int dropped = dropped(shown, kept);
            if (!isBlank(shown, dropped)) {
                leftOut.add(columns.get(dropped).title());
            }
            kept.removeIf(column -> column == dropped);
        }
        if (all(shown, kept, LEAST) > room) {
            return new Laid(blocks(shown, room), false, List.copyOf(claims.values()));
        }
        int[] widths = widths(shown, kept, width);
        List<String> lines = new ArrayList<>();
        lines.add(line(kept, kept.stream().map(c -> columns.get(c).title()).toList(), widths));
        boolean cut = false;
        for (List<String> row : shown) {
            cut |= add(lines, row, kept, widths);
        }
        claims.keySet().retainAll(kept);
        List<String> notes = new ArrayList<>(claims.values());
        if (cut || !leftOut.isEmpty()) {
            notes.addFirst("Not everything fits: --wide shows all"
                    + (leftOut.isEmpty() ? "." : ", also " + String.join(", ", leftOut.reversed()) + "."));
        }
        return new Laid(lines, true, notes);
    }

    /** A claim that stands behind the names of a column is said once, below the table. */
    private List<List<String>> withoutRepeatedClaim(Map<Integer, String> claims) {
        List<List<String>> shown = new ArrayList<>();
        rows.forEach(row -> shown.add(new ArrayList<>(row)));
        for (int column = 0; column < columns.size(); column++) {
            int at = column;
            Set<String> claimed = new TreeSet<>();
            Set<String> verified = new TreeSet<>();
            for (List<String> row : rows) {
                String name = row.get(at);
                (name.endsWith(UNVERIFIED) ? claimed : verified).add(name.replace(UNVERIFIED, ""));
            }
            verified.remove("");
            if (!claimed.isEmpty() && Collections.disjoint(claimed, verified)) {
                shown.forEach(row -> row.set(at, row.get(at).replace(UNVERIFIED, "")));
                claims.put(
                        at,
                        columns.get(at).title() + ": as the callers called themselves (unverified)"
                                + (verified.isEmpty() ? "." : ", but for " + String.join(", ", verified) + "."));
            }
        }
        return shown;
    }

    private int dropped(List<List<String>> shown, List<Integer> kept) {
        List<Integer> candidates = kept.stream()
                .filter(column -> columns.get(column).optional() || isBlank(shown, column))
                .toList();
        return candidates.stream()
                .filter(column -> isBlank(shown, column))
                .findFirst()
                .or(() -> candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.getLast()))
                .orElse(-1);
    }

    private static boolean isBlank(List<List<String>> shown, int column) {
        return shown.stream().allMatch(row -> row.get(column).isEmpty());
    }

    private int all(List<List<String>> shown, List<Integer> kept, Widths wanted) {
        return kept.stream()
                        .mapToInt(column -> least(shown, kept, column, wanted))
                        .sum()
                + GAP.length() * (kept.size() - 1);
    }

    private int least(List<List<String>> shown, List<Integer> kept, int column, Widths wanted) {
        if (!columns.get(column).text()) {
            return natural(shown, column);
        }
        int floor = isWrapped(kept, column) ? wanted.last() : wanted.text();
        int cells = shown.stream()
                .mapToInt(row -> Cells.least(row.get(column), floor))
                .max()
                .orElse(0);
        return Math.max(Cells.width(columns.get(column).title()), cells);
    }

    private boolean isWrapped(List<Integer> kept, int column) {
        return kept.getLast() == column && columns.get(column).text();
    }

    private int natural(List<List<String>> shown, int column) {
        int cells = shown.stream()
                .mapToInt(row -> Cells.width(row.get(column)))
                .max()
                .orElse(0);
        return Math.max(Cells.width(columns.get(column).title()), cells);
    }

    /** The widest texts give way first. */
    private int[] widths(List<List<String>> shown, List<Integer> kept, OptionalInt width) {
        int[] widths = kept.stream().mapToInt(column -> natural(shown, column)).toArray();
        int[] least = kept.stream()
                .mapToInt(column -> least(shown, kept, column, LEAST))
                .toArray();
        int over =
                width.isEmpty() ? 0 : IntStream.of(widths).sum() + GAP.length() * (kept.size() - 1) - width.getAsInt();
        for (; over > 0; over--) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            widths[widest]--;
        }
        return widths;
    }

    /** @return whether something of the row was cut */
    private boolean add(List<String> lines, List<String> row, List<Integer> kept, int[] widths) {
        boolean cut = false;
        List<String> cells = new ArrayList<>();
        List<String> more = List.of();
        for (int i = 0; i < kept.size(); i++) {
            String cell = row.get(kept.get(i));
            boolean fits = Cells.width(cell) <= widths[i];
            boolean words = cell.indexOf(' ') >= 0;
            if (!fits && words && isWrapped(kept, kept.get(i))) {
                List<String> wrapped = Cells.fill(cell, widths[i]);
                cells.add(wrapped.getFirst());
                more = wrapped.subList(1, wrapped.size());
            } else {
                cells.add(Cells.cut(cell, widths[i]));
                cut |= !fits;
            }
        }
        lines.add(line(kept, cells, widths));
        int last = widths[widths.length - 1];
        String indent = " ".repeat(IntStream.of(widths).sum() - last + GAP.length() * (widths.length - 1));
        for (int i = 0; i < Math.min(more.size(), MOST_LINES - 1); i++) {
            boolean ends = i == MOST_LINES - 2 && more.size() > MOST_LINES - 1;
            cut |= ends;
            lines.add(indent + (ends ? Cells.shorten(more.get(i), last) : more.get(i)));
        }
        return cut;
    }

    private String line(List<Integer> kept, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - Cells.width(cells.get(i)));
            boolean right = columns.get(kept.get(i)).right();
            line.append(i == 0 ? "" : GAP).append(right ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    /** A line for each cell: what is left when not even the columns that are needed fit beside each other. */
    private List<String> blocks(List<List<String>> shown, int width) {
        int names = columns.stream()
                .mapToInt(column -> Cells.width(column.title()))
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (List<String> row : shown) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            for (int column = 0; column < columns.size(); column++) {
                if (!row.get(column).isEmpty()) {
                    String title = columns.get(column).title();
                    String start = title + " ".repeat(names - Cells.width(title)) + GAP;
                    String cell = row.get(column);
                    boolean word = cell.indexOf(' ') < 0 && Cells.width(cell) + GAP.length() <= width;
                    if (word && Cells.width(cell) > width - start.length()) {
                        lines.add(title);
                        lines.add(GAP + cell);
                        continue;
                    }
                    for (String part : Cells.fill(cell, Math.max(1, width - start.length()))) {
                        lines.add(start + part);
                        start = " ".repeat(start.length());
                    }
                }
            }
        }
        return lines;
    }
}
