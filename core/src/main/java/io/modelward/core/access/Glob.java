package io.modelward.core.access;

/**
 * A pattern in which {@code *} stands for any characters but {@code /}, and every other character for itself. Matching
 * takes time in proportion to the product of the lengths at most: there is no regular expression in it.
 */
public record Glob(String pattern) {

    /** Whether the pattern stands for this text. The text may itself have {@code *}, which only a {@code *} covers. */
    public boolean matches(String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int mark = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                mark = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0 && text.charAt(mark) != '/') {
                in = star + 1;
                at = ++mark;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
