package io.modelward.access.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whose signed tokens are taken from programs.
 *
 * @param name in the settings
 * @param issuer exactly as the tokens have it
 * @param audience that the tokens must be for
 * @param rules that all must hold
 * @param groups the claim that has groups; empty: no token of this workload has groups
 */
record WorkloadSettings(
        String name, String issuer, String audience, Keys keys, List<ClaimRule> rules, Optional<ClaimName> groups) {

    /** Where the keys are that the tokens are signed with. */
    sealed interface Keys {
        /** Where the issuer's discovery document says. */
        record Discovered() implements Keys {}

        record AtUrl(URI url) implements Keys {}

        record InFile(Path file) implements Keys {}
    }
}
