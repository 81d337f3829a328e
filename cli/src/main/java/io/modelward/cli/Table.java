package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns, two spaces apart. A column whose header starts with {@code >} is aligned to the right. */
final class Table {

    private static final String GAP = "  ";

    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headers) {
        this.headers = List.of(headers);
    }

    Table row(String... cells) {
        if (cells.length != headers.size()) {
            throw new IllegalArgumentException("a row has one cell for each column");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Text.harmless(cell));
        }
        rows.add(row);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The header first. Nothing trails a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(headers.stream().map(Table::title).toList()));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - length(cell));
            line.append(column == 0 ? "" : GAP).append(isRight(column) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = length(title(headers.get(column)));
        for (List<String> row : rows) {
            widest = Math.max(widest, length(row.get(column)));
        }
        return widest;
    }

    private boolean isRight(int column) {
        return headers.get(column).startsWith(">");
    }

    private static String title(String header) {
        return header.startsWith(">") ? header.substring(1) : header;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
