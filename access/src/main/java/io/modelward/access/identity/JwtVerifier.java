package io.modelward.access.identity;

import java.util.Optional;

/**
 * Checks tokens that identity providers signed and that callers send as Bearer: those of workloads, such as jobs of a
 * CI and service accounts of Kubernetes, and ID tokens of people. It may wait, since it may fetch keys.
 */
@FunctionalInterface
public interface JwtVerifier {

    /** Whether the text may be a signed token at all; quick, and no proof. */
    static boolean looksLikeOne(String text) {
        return text.startsWith("eyJ") && text.indexOf('.') > 0;
    }

    /** Nobody is vouched for. */
    JwtVerifier NONE = jwt -> Optional.empty();

    /**
     * What was found out about the token before, without waiting.
     *
     * @return empty when nothing is remembered
     */
    default Optional<Optional<ProvenIdentity>> remembered(String jwt) {
        return Optional.empty();
    }

    /** Empty when the token proves nothing, for whatever reason; the log has the reason for the operator. */
    Optional<ProvenIdentity> verify(String jwt);
}
