package io.modelward.core.version;

import java.util.List;

/**
 * A set of versions as npm's {@code node-semver} writes them: {@code ^1.4}, {@code ~1.2.0}, {@code >=1 <2},
 * {@code 1.x}, {@code *}, {@code 1.2 - 2.3}, alternatives joined by {@code ||}. A pre-release is in the range only when
 * a comparator of the same alternative names a pre-release of the same major.minor.patch. Unlike there, an alternative
 * may not be empty and a version has no {@code v} in front.
 *
 * @param text the range as it was written, its white space made single
 * @param alternatives of each alternative the comparators that must all hold
 */
public record VersionRange(String text, List<List<Comparator>> alternatives) {

    public VersionRange {
        alternatives = alternatives.stream().map(List::copyOf).toList();
    }

    /** The range that the whole text writes; whatever is wrong with it is said under the field {@code selector}. */
    public static VersionRange parse(String text) {
        return RangeReader.read(text);
    }

    public boolean contains(SemVer version) {
        return alternatives.stream().anyMatch(comparators -> matches(comparators, version));
    }

    private static boolean matches(List<Comparator> comparators, SemVer version) {
        return comparators.stream().allMatch(c -> c.matches(version))
                && (!version.isPreRelease()
                        || comparators.stream()
                                .map(Comparator::bound)
                                .anyMatch(b -> b.isPreRelease() && b.release().equals(version.release())));
    }

    @Override
    public String toString() {
        return text;
    }

    /** One side of a version, for example {@code >=1.2.0}. */
    public record Comparator(Operator operator, SemVer bound) {

        boolean matches(SemVer version) {
            int order = version.compareTo(bound);
            return switch (operator) {
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case EQUAL -> order == 0;
                case AT_LEAST -> order >= 0;
                case MORE -> order > 0;
            };
        }
    }

    /** How a {@link Comparator} relates a version to its bound. */
    public enum Operator {
        LESS,
        AT_MOST,
        EQUAL,
        AT_LEAST,
        MORE
    }
}
