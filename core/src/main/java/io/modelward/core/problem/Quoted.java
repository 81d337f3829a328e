package io.modelward.core.problem;

/**
 * Shows a piece of what a caller wrote inside an error: at most 60 characters, with nothing that could disturb a
 * terminal or a log.
 */
public final class Quoted {

    private static final int LONGEST = 60;

    private Quoted() {}

    /** The text in double quotes. */
    public static String of(String text) {
        return '"' + plain(text) + '"';
    }

    /** The text without quotes, for use inside a field's name. */
    public static String plain(String text) {
        int length = text.codePointCount(0, Math.min(text.length(), 2 * LONGEST + 2));
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(Math.min(length, LONGEST)).map(Quoted::harmless).forEach(shown::appendCodePoint);
        return length > LONGEST ? shown.append('…').toString() : shown.toString();
    }

    /** Whether the text has nothing that could disturb a terminal or a log, and can be kept as UTF-8. */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(codePoint -> harmless(codePoint) != codePoint);
    }

    private static int harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> 0xFFFD;
            default -> codePoint;
        };
    }
}
