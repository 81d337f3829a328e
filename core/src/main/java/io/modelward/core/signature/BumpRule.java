package io.modelward.core.signature;

import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Holds a version's number to its change of signature: breaking needs a new major, an addition a new minor, anything
 * else a new patch. In {@code 0.y.z} a new {@code y} stands for both major and minor, so an addition too needs one. A
 * pre-release is held to the release it precedes.
 */
public final class BumpRule {

    private BumpRule() {}

    /**
     * The version that a candidate is compared with: the highest release below the one that the candidate is or
     * precedes. Pre-releases are no base, and a version that differs in build metadata only is the same number, not
     * below.
     */
    public static Optional<SemVer> base(SemVer candidate, Collection<SemVer> published) {
        SemVer release = candidate.release();
        return published.stream()
                .filter(version -> !version.isPreRelease() && version.compareTo(release) < 0)
                .max(Comparator.naturalOrder());
    }

    /** The least number allowed above the base for this bump. */
    public static SemVer leastVersion(SemVer base, Bump least) {
        boolean majorInTheSmall = least == Bump.MAJOR && base.major() == 0;
        return base.release().next(majorInTheSmall ? Bump.MINOR : least);
    }

    public static boolean allows(SemVer base, SemVer candidate, Comparison comparison) {
        return allows(base, candidate, comparison.leastBump());
    }

    private static boolean allows(SemVer base, SemVer candidate, Bump least) {
        return candidate.release().compareTo(leastVersion(base, least)) >= 0;
    }

    /**
     * Decides on a candidate.
     *
     * @param base what {@link #base} found; without one everything is allowed
     * @param overrideUnknown whether someone answers for what cannot be decided
     */
    public static BumpCheck decide(
            SemVer candidate, Optional<SemVer> base, Comparison comparison, boolean overrideUnknown) {
        Bump least = overrideUnknown ? comparison.leastBumpKnown() : comparison.leastBump();
        return base.map(below ->
                        new BumpCheck(allows(below, candidate, least), least, Optional.of(leastVersion(below, least))))
                .orElseGet(() -> new BumpCheck(true, Bump.PATCH, Optional.empty()));
    }

    /** The number that a version gets which asks for the least one. */
    public static SemVer auto(SemVer base, Bump least) {
        return leastVersion(base, least);
    }

    /**
     * Whether a version may have the number that it asks for.
     *
     * @param least the least bump that its change of signature needs
     * @param leastVersion the least number allowed; empty when nothing was published below it
     */
    public record BumpCheck(boolean allowed, Bump least, Optional<SemVer> leastVersion) {}
}
