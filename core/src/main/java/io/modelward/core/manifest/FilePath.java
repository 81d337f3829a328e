package io.modelward.core.manifest;

import io.modelward.core.json.Surrogates;
import io.modelward.core.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The path of a file in a version: relative, {@code /} between its segments, the same on every file system. Order is
 * that of code points.
 */
public record FilePath(String value) implements Comparable<FilePath> {

    private static final int LONGEST = 1024;
    private static final int LONGEST_SEGMENT = 255;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    public FilePath {
        if (value.isEmpty()) {
            throw wrong("A path is needed.");
        }
        if (value.length() > LONGEST || utf8(value).length > LONGEST) {
            throw wrong("A path has at most " + LONGEST + " bytes.");
        }
        if (Surrogates.anyAlone(value)) {
            throw wrong("The path has half of a surrogate pair, which is no character.");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw wrong("A path has no control characters.");
        }
        if (value.indexOf('\\') >= 0) {
            throw wrong("A path separates its segments by /, not by a backslash.");
        }
        if (DRIVE.matcher(value).lookingAt()) {
            throw wrong("A path does not start with a drive letter.");
        }
        if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
            throw wrong("A path is written in Unicode's composed form (NFC).");
        }
        for (String segment : value.split("/", -1)) {
            checkSegment(segment);
        }
    }

    public static FilePath parse(String text) {
        return new FilePath(text);
    }

    private static void checkSegment(String segment) {
        if (segment.isEmpty()) {
            throw wrong("A path is relative and has no empty segment: no / at its start or end, and no two in a row.");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw wrong("A path has no . or .. segment.");
        }
        if (utf8(segment).length > LONGEST_SEGMENT) {
            throw wrong("A segment of a path has at most " + LONGEST_SEGMENT + " bytes.");
        }
    }

    /** The same for two paths that a file system which ignores case could not tell apart. */
    public String collisionKey() {
        return fold(value);
    }

    static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.codePoints()
                .map(Character::toUpperCase)
                .map(Character::toLowerCase)
                .forEach(folded::appendCodePoint);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    @Override
    public int compareTo(FilePath other) {
        return Arrays.compareUnsigned(utf8(value), utf8(other.value));
    }

    @Override
    public String toString() {
        return value;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("path", detail);
    }
}
