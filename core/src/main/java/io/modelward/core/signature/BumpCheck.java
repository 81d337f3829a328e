package io.modelward.core.signature;

import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import java.util.Optional;

/**
 * Whether a version may have the number that it asks for.
 *
 * @param least the least bump that its change of signature needs
 * @param leastVersion the least number allowed; empty when nothing was published below it
 */
public record BumpCheck(boolean allowed, Bump least, Optional<SemVer> leastVersion) {}
