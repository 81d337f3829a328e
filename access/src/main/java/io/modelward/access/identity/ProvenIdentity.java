package io.modelward.access.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody whom an identity provider vouches for.
 *
 * @param issuer of the proof, exactly as configured
 * @param subject the provider's name for the person or program, which the provider never gives to another; never an
 *     e-mail address
 * @param shown a name for people to read, which proves nothing
 * @param groups as the provider names them now
 * @param until the end of the proof
 */
public record ProvenIdentity(
        String issuer, String subject, Optional<String> shown, Set<String> groups, Instant until) {}
