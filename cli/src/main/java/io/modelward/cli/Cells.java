package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;

/** How much room texts take on a terminal, and how they are made to take less. */
final class Cells {

    static final String CUT = "…";

    private static final int WIDE_FROM = 0x1100;

    private Cells() {}

    /** The columns that a text takes: none for a mark on a letter, two for a letter of East Asia and a picture. */
    static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        if (c < WIDE_FROM) {
            return 1;
        }
        boolean picture = c >= 0x1F300 && c <= 0x1FAFF;
        boolean full = c >= 0xFF01 && c <= 0xFF60;
        boolean punctuation = c >= 0x3000 && c <= 0x303E;
        return picture || full || punctuation || isWideLetter(c) ? 2 : 1;
    }

    private static boolean isWideLetter(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> c < 0xFF61 || c > 0xFFDC;
            default -> false;
        };
    }

    /** Cut at its end, and marked as cut, when it is wider. What follows an at sign, a version, is kept whole. */
    static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        String kept = tail(text);
        int room = width - 1 - width(kept);
        return room < 0 ? shorten(text, width) : head(text, room) + CUT + kept;
    }

    /** Ends in the mark of a cut. A word with a digit is left out rather than cut: it may be a version or a number. */
    static String shorten(String text, int width) {
        String head = head(text, Math.max(0, width - 1));
        int word = head.lastIndexOf(' ') + 1;
        boolean inside = head.length() < text.length() && text.charAt(head.length()) != ' ';
        boolean number = head.substring(word).chars().anyMatch(Character::isDigit);
        return (inside && number && word > 1 ? head.substring(0, word) : head).stripTrailing() + CUT;
    }

    /** The least width to which a text can be cut so that {@link #cut} keeps its version. */
    static int least(String text, int least) {
        String kept = tail(text);
        return Math.min(width(text), kept.isEmpty() ? least : Math.max(least, width(kept) + 4));
    }

    private static String tail(String text) {
        int at = text.indexOf('@');
        return at < 0 ? "" : text.substring(at);
    }

    private static String head(String text, int width) {
        StringBuilder head = new StringBuilder();
        int room = width;
        for (int c : text.codePoints().toArray()) {
            room -= width(c);
            if (room < 0) {
                break;
            }
            head.appendCodePoint(c);
        }
        return head.toString();
    }

    /** Lines of whole words. A word that is wider than a line has a line of its own, which is wider then. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > width) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder();
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    /** Lines of words; a word that is wider than a line is broken. */
    static List<String> fill(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : wrap(text, width)) {
            String rest = line;
            while (width(rest) > width) {
                String part = head(rest, Math.max(1, width));
                lines.add(part);
                rest = rest.substring(part.length());
            }
            lines.add(rest);
        }
        return lines;
    }
}
