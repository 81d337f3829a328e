package io.modelward.evaluator.value;

import java.util.regex.Pattern;

/** The texts that Python's {@code float} takes as numbers. */
public final class PythonFloat {

    private static final String DIGITS = "\\d++(?:_\\d++)*+";
    private static final Pattern NUMBER = Pattern.compile(
            "[+-]?(?:" + DIGITS + "(?:\\.(?:" + DIGITS + ")?+)?+|\\." + DIGITS + ")(?:[eE][+-]?" + DIGITS + ")?+");
    private static final Pattern WORD = Pattern.compile("[+-]?(?:inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

    private PythonFloat() {}

    /** Whether a text is a number for Python. */
    public static boolean is(String text) {
        String plain = plain(text);
        return NUMBER.matcher(plain).matches() || WORD.matcher(plain).matches();
    }

    /** The number of a text that is one. */
    public static double of(String text) {
        String plain = plain(text);
        if (NUMBER.matcher(plain).matches()) {
            return Double.parseDouble(plain.replace("_", ""));
        }
        if (plain.charAt(plain.length() - 1) == 'n' || plain.charAt(plain.length() - 1) == 'N') {
            return Double.NaN;
        }
        return plain.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /** Without white space at the ends, and with the digits of all scripts as those of ASCII. */
    private static String plain(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        StringBuilder plain = new StringBuilder(to - from);
        for (int i = from; i < to; ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            int digit = character > 127 ? Character.digit(character, 10) : -1;
            plain.appendCodePoint(digit < 0 ? character : '0' + digit);
        }
        return plain.toString();
    }

    private static boolean isSpace(char character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || character == '\u0085'
                || (character >= '\u001c' && character <= '\u001f');
    }
}
