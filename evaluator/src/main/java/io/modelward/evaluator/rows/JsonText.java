package io.modelward.evaluator.rows;

import java.nio.charset.StandardCharsets;

/** Reads single JSON values out of bytes, and makes no object for a number. */
final class JsonText {

    /** The powers of ten that a double holds exactly. */
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private static final long EXACT = 1L << 53;
    private static final long LARGE = Long.MAX_VALUE / 10 - 1;

    private JsonText() {}

    /** What a value is, by its first byte. */
    enum Kind {
        NUMBER,
        TEXT,
        TRUTH,
        NULL,
        ARRAY,
        OBJECT
    }

    static Kind kind(byte[] bytes, int start) {
        return switch (bytes[start]) {
            case '"' -> Kind.TEXT;
            case 't', 'f' -> Kind.TRUTH;
            case 'n' -> Kind.NULL;
            case '[' -> Kind.ARRAY;
            case '{' -> Kind.OBJECT;
            default -> Kind.NUMBER;
        };
    }

    /** The double that is nearest to a number. */
    static double number(byte[] bytes, int start, int end) {
        boolean negative = bytes[start] == '-';
        int at = negative ? start + 1 : start;
        long digits = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9) {
                if (digits > LARGE) {
                    return slowly(bytes, start, end);
                }
                digits = digits * 10 + digit;
                scale -= fraction ? 1 : 0;
            } else if (bytes[at] == '.') {
                fraction = true;
            } else {
                break;
            }
        }
        if (at < end) {
            int exponent = exponent(bytes, at, end);
            if (Math.abs(exponent) > 1000) {
                return slowly(bytes, start, end);
            }
            scale += exponent;
        }
        double value;
        if (scale == 0) {
            value = digits;
        } else if (digits <= EXACT && scale < 0 && scale >= -22) {
            value = digits / TENS[-scale];
        } else if (digits <= EXACT && scale > 0 && scale <= 22) {
            value = digits * TENS[scale];
        } else {
            return slowly(bytes, start, end);
        }
        return negative ? -value : value;
    }

    /** The number after an {@code e}; 9999 when what is there is longer. */
    private static int exponent(byte[] bytes, int e, int end) {
        if (bytes[e] != 'e' && bytes[e] != 'E') {
            return 9999;
        }
        int at = e + 1;
        boolean negative = at < end && bytes[at] == '-';
        if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
            at++;
        }
        int exponent = 0;
        for (; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || exponent > 999) {
                return 9999;
            }
            exponent = exponent * 10 + digit;
        }
        return negative ? -exponent : exponent;
    }

    private static double slowly(byte[] bytes, int start, int end) {
        return Double.parseDouble(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
    }

    /** The characters of a text; {@code start} is that of its first quote. */
    static String text(byte[] bytes, int start, int end) {
        for (int at = start + 1; at < end - 1; at++) {
            if (bytes[at] == '\\') {
                return unescaped(new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8));
            }
        }
        return new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8);
    }

    private static String unescaped(String raw) {
        StringBuilder text = new StringBuilder(raw.length());
        int at = 0;
        while (at < raw.length()) {
            char character = raw.charAt(at++);
            if (character != '\\') {
                text.append(character);
                continue;
            }
            char escape = raw.charAt(at++);
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, at, at + 4, 16));
                    at += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    static int afterSpace(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Where the value that begins at a place ends. */
    static int afterValue(byte[] bytes, int start, int end) {
        int at = start;
        int depth = 0;
        do {
            switch (bytes[at]) {
                case '"' -> at = afterText(bytes, at);
                case '[', '{' -> {
                    depth++;
                    at++;
                }
                case ']', '}' -> {
                    depth--;
                    at++;
                }
                default -> {
                    at++;
                    while (depth == 0 && at < end && !ends(bytes[at])) {
                        at++;
                    }
                }
            }
        } while (depth > 0 && at < end);
        return at;
    }

    private static boolean ends(byte character) {
        return character == ','
                || character == ']'
                || character == '}'
                || character == ' '
                || character == '\n'
                || character == '\r'
                || character == '\t';
    }

    /** Where the text that begins at a place ends. */
    static int afterText(byte[] bytes, int start) {
        int at = start + 1;
        while (bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
