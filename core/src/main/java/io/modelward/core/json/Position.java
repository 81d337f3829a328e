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

    /** The place before a byte of a document in UTF-8; columns count characters. */
    static String of(byte[] utf8, long offset) {
        long line = 1;
        long column = 1;
        for (int i = 0; i < Math.min(offset, utf8.length); i++) {
            if (utf8[i] == '\n') {
                line++;
                column = 1;
            } else if ((utf8[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        return at(line, column);
    }

    private static String at(long line, long column) {
        return "at line " + line + ", column " + column;
    }
}
