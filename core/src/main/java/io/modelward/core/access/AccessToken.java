package io.modelward.core.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token or a session, without its text: the text is known to those only who have it.
 *
 * @param id what it is listed and revoked by, such as {@code t-4f2k…}; no secret
 * @param hash SHA-256 of the text, in hex
 * @param name as its maker named it; stands in the audit log
 * @param owner in whose name it acts
 * @param permissions what it is limited to; empty: to what its owner may do
 * @param maxIdleSeconds how long it may be unused; 0: for ever
 */
public record AccessToken(
        String id,
        long number,
        String hash,
        Kind kind,
        String name,
        Subject owner,
        Optional<List<Permission>> permissions,
        Instant createdAt,
        Instant expiresAt,
        long maxIdleSeconds,
        Optional<Instant> revokedAt,
        Optional<Instant> usedAt) {

    /** What a token is for. A session is taken from a cookie only, and a token never. */
    public enum Kind {
        TOKEN,
        LOGIN,
        BOOTSTRAP,
        SESSION
    }

    public AccessToken withNumber(long given) {
        return new AccessToken(
                id,
                given,
                hash,
                kind,
                name,
                owner,
                permissions,
                createdAt,
                expiresAt,
                maxIdleSeconds,
                revokedAt,
                usedAt);
    }

    /** Whether it is neither revoked, expired nor unused for too long. */
    public boolean valid(Instant now, Instant used) {
        return revokedAt.isEmpty()
                && now.isBefore(expiresAt)
                && (maxIdleSeconds == 0 || now.isBefore(used.plusSeconds(maxIdleSeconds)));
    }
}
