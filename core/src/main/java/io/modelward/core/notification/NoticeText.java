package io.modelward.core.notification;

/** Makes texts of anybody fit for headers, chats and databases. */
public final class NoticeText {

    private NoticeText() {}

    /**
     * The text as one line: no control characters, no half surrogates, nothing that turns the direction of writing or
     * hides.
     *
     * @param longest in characters; what is longer ends in an ellipsis
     */
    public static String line(String text, int longest) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), longest));
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            int size = Character.charCount(codePoint);
            boolean last = at + size >= text.length();
            if (line.length() + size > (last ? longest : longest - 1)) {
                return line.append('…').toString();
            }
            line.appendCodePoint(harmless(codePoint));
            at += size;
        }
        return line.toString();
    }

    private static int harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
            case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> 0xFFFD;
            default -> codePoint;
        };
    }
}
