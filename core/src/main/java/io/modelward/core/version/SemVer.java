package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/**
 * A version by Semantic Versioning 2.0.0.
 *
 * <p>Order is the specification's precedence, which ignores {@code build}. So {@code compareTo} may say 0 for versions
 * that are not {@link #equals equal}: {@code 1.0.0+a} and {@code 1.0.0+b} are two texts of one number.
 *
 * @param preRelease the dot-separated identifiers after {@code -}; empty for a release
 * @param build what follows {@code +}, or the empty string
 */
public record SemVer(long major, long minor, long patch, List<String> preRelease, String build)
        implements Comparable<SemVer> {

    static final int LONGEST = 128;

    public SemVer {
        preRelease = List.copyOf(preRelease);
        SemVerReader.check(major, minor, patch, preRelease, build);
    }

    /** The version that the whole text writes; whatever is wrong with it is said under the field {@code version}. */
    public static SemVer parse(String text) {
        return SemVerReader.read(text);
    }

    public static Optional<SemVer> tryParse(String text) {
        try {
            return Optional.of(SemVerReader.read(text));
        } catch (ProblemException notOne) {
            return Optional.empty();
        }
    }

    public static SemVer of(long major, long minor, long patch) {
        return new SemVer(major, minor, patch, List.of(), "");
    }

    public boolean isPreRelease() {
        return !preRelease.isEmpty();
    }

    /** The release that this version is or precedes: without pre-release and build. */
    public SemVer release() {
        return of(major, minor, patch);
    }

    /** Whether the two differ in build metadata at most. */
    public boolean sameNumber(SemVer other) {
        return compareTo(other) == 0;
    }

    /**
     * The next release for this bump. A pre-release comes before its release, so the bump that its release already
     * makes is not made twice: {@code 2.0.0-rc.1} goes to {@code 2.0.0} by any bump, {@code 1.2.0-rc.1} to
     * {@code 1.2.0} by patch or minor.
     */
    public SemVer next(Bump bump) {
        boolean made = isPreRelease()
                && switch (bump) {
                    case PATCH -> true;
                    case MINOR -> patch == 0;
                    case MAJOR -> minor == 0 && patch == 0;
                };
        if (made) {
            return release();
        }
        return switch (bump) {
            case PATCH -> of(major, minor, increment(patch));
            case MINOR -> of(major, increment(minor), 0);
            case MAJOR -> of(increment(major), 0, 0);
        };
    }

    /**
     * A text whose order by code point is the order of precedence: equal for versions that differ in build only. In SQL
     * the column needs a bytewise collation.
     */
    public String sortKey() {
        return SemVerOrder.sortKey(this);
    }

    /** What the {@link #sortKey sort keys} of all versions of this major number begin with, and no other. */
    public String majorKey() {
        return SemVerOrder.majorKey(this);
    }

    @Override
    public int compareTo(SemVer other) {
        return SemVerOrder.compare(this, other);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(major).append('.').append(minor).append('.').append(patch);
        if (isPreRelease()) {
            text.append('-').append(String.join(".", preRelease));
        }
        if (!build.isEmpty()) {
            text.append('+').append(build);
        }
        return text.toString();
    }

    private static long increment(long number) {
        if (number == Long.MAX_VALUE) {
            throw ProblemException.refused(
                    "version", "There is no version above this one: a number is at its largest.");
        }
        return number + 1;
    }
}
