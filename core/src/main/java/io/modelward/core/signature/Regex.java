package io.modelward.core.signature;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern that a card brings and callers' strings are checked against, in Java's dialect. Both may be hostile
 * together, so matching gives up after a number of steps instead of holding a thread, and what it gave up on counts as
 * no match. Java can be watched when it looks at a character, but not when it repeats something empty; that is bounded
 * by the counts that the pattern writes, {@code {1000}} within {@code {1000}}.
 */
public final class Regex {

    private static final long STEPS = 200_000;
    private static final long STEPS_PER_CHARACTER = 20;
    private static final long REPETITIONS = 5_000_000;
    private static final Pattern COUNT = Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?\\}");

    private final String source;
    private final Pattern pattern;
    private final long repetitions;

    private Regex(String source, Pattern pattern, long repetitions) {
        this.source = source;
        this.pattern = pattern;
        this.repetitions = repetitions;
    }

    /** @throws IllegalArgumentException when Java cannot read the pattern, or it repeats too often */
    static Regex of(String source) {
        return new Regex(source, Pattern.compile(source), repetitions(source));
    }

    private static long repetitions(String source) {
        long product = 1;
        Matcher count = COUNT.matcher(source);
        while (count.find()) {
            String most = count.group(2) == null || count.group(2).isEmpty() ? count.group(1) : count.group(2);
            product *= most.length() > 7 ? REPETITIONS + 1 : Math.max(1, Long.parseLong(most));
            if (product > REPETITIONS) {
                throw new IllegalArgumentException("the pattern repeats too often");
            }
        }
        return product;
    }

    /** Whether the pattern is found somewhere in the text, as JSON Schema asks. */
    boolean foundIn(String text) {
        long[] steps = {STEPS + STEPS_PER_CHARACTER * text.length()};
        Matcher matcher = pattern.matcher(new Metered(text, 0, text.length(), steps))
                .useAnchoringBounds(false)
                .useTransparentBounds(true);
        long starts = Math.min(text.length(), REPETITIONS / repetitions);
        try {
            for (int start = 0; start <= starts; start++) {
                if (matcher.region(start, text.length()).lookingAt()) {
                    return true;
                }
            }
            return false;
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
    private record Metered(String text, int start, int end, long[] left) implements CharSequence {

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
