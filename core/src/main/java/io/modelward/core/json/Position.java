package io.modelward.core.json;

import tools.jackson.core.TokenStreamLocation;

/** Says where in a document something is, for people. */
final class Position {

    private Position() {}

    /** The place just after this text. */
    static String after(String text) {
        long line = 1 + text.chars().filter(c -> c == '\n').count();
        return at(line, text.length() - text.lastIndexOf('\n'));
    }

    static String of(TokenStreamLocation location) {
        return at(location.getLineNr(), location.getColumnNr());
    }

    private static String at(long line, long column) {
        return "at line " + line + ", column " + column;
    }
}
