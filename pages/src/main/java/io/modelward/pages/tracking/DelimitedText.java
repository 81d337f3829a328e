package io.modelward.pages.tracking;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a text whose values have commas or tabs between them, as RFC 4180 has it.
 *
 * @param cut whether rows or values were left out
 */
record DelimitedText(List<List<String>> rows, boolean cut) {

    private static final int MOST_ROWS = 500;
    private static final int MOST_VALUES = 50;

    /** @param cutOff whether the text ends in the middle, so that its last row may be half a row */
    static DelimitedText parse(String text, char between, boolean cutOff) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        boolean wide = false;
        int at = text.startsWith("\uFEFF") ? 1 : 0;
        for (; at < text.length() && rows.size() < MOST_ROWS; at++) {
            char c = text.charAt(at);
            if (quoted) {
                if (c != '"') {
                    value.append(c);
                } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                    value.append(c);
                    at++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && value.isEmpty()) {
                quoted = true;
            } else if (c == between || c == '\n') {
                wide |= !add(row, value);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (c != '\r') {
                value.append(c);
            }
        }
        boolean more = at < text.length();
        if (!more && !cutOff && (!value.isEmpty() || !row.isEmpty())) {
            wide |= !add(row, value);
            rows.add(List.copyOf(row));
        }
        return new DelimitedText(rows, more || wide);
    }

    private static boolean add(List<String> row, StringBuilder value) {
        boolean fits = row.size() < MOST_VALUES;
        if (fits) {
            row.add(value.toString());
        }
        value.setLength(0);
        return fits;
    }
}
