package io.modelward.core.signature;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern that a card brings and callers' strings are checked against. Both may be hostile together, so matching gives up after a fixed
 * number of steps instead of holding a thread, and what it gave up on counts as no match.
 */
public final class Regex {

    private static final int STEPS = 200_000;

    private final String source;
    private final Pattern pattern;

    private Regex(String source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /** @throws PatternSyntaxException when Java cannot read the pattern */
    static Regex of(String source) {
        return new Regex(source, Pattern.compile(source));
    }

    /** Whether the pattern is found somewhere in the text, as JSON Schema asks. */
    boolean foundIn(String text) {
        try {
            return pattern.matcher(new Metered(text, 0, text.length(), new int[] {STEPS}))
                    .find();
        } catch (GaveUp | StackOverflowError tooHard) {
            return false;
        }
    }

    public String source() {
        return source;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }

    /** Counts how often the matcher looks at a character. */
    private record Metered(String text, int start, int end, int[] left) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new GaveUp();
            }
            return text.charAt(start + index);
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Metered(text, start + from, start + to, left);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }

    private static final class GaveUp extends RuntimeException {
        GaveUp() {
            super(null, null, false, false);
        }
    }
}
