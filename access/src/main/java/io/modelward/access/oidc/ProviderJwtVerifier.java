package io.modelward.access.oidc;

import io.modelward.access.identity.JwtVerifier;
import io.modelward.access.identity.ProvenIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens of several issuers, and remembers what it found: a token that was found good until it expires, and an
 * hour at most, so that a key which its issuer gave up loses its power; a token that proved nothing for ten seconds.
 */
public final class ProviderJwtVerifier implements JwtVerifier {

    /** In characters; a request's headers have 16 KiB in all. */
    static final int LONGEST = 8 << 10;

    static final int MOST_GOOD = 10_000;
    private static final int MOST_BAD = 1_000;
    private static final Duration LONGEST_GOOD = Duration.ofHours(1);
    private static final Duration BAD = Duration.ofSeconds(10);
    /** In the log there is one reason in this time, so that nobody fills the disk with wrong tokens. */
    private static final long LOG_PAUSE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ProviderJwtVerifier.class);

    /**
     * Whose tokens are taken.
     *
     * @param keys the issuer's
     */
    record Source(TokenKeys keys, TokenRule rule) {}

    private final Map<String, List<Source>> sources;
    private final InstantSource clock;
    private final RememberedTokens<ProvenIdentity> good = new RememberedTokens<>(MOST_GOOD);
    private final RememberedTokens<String> bad = new RememberedTokens<>(MOST_BAD);
    private volatile long loggedMillis;

    /** @param sources by the issuer, exactly as tokens have it */
    ProviderJwtVerifier(Map<String, List<Source>> sources, InstantSource clock) {
        this.sources = Map.copyOf(sources);
        this.clock = clock;
    }

    @Override
    public Optional<ProvenIdentity> verify(String jwt) {
        if (jwt.length() > LONGEST) {
            return Optional.empty();
        }
        TokenFingerprint fingerprint = TokenFingerprint.of(jwt);
        Optional<ProvenIdentity> remembered = good.get(fingerprint, clock.millis());
        if (remembered.isPresent() || bad.get(fingerprint, clock.millis()).isPresent()) {
            return remembered;
        }
        Instant now = clock.instant();
        try {
            ProvenIdentity identity = check(jwt, now);
            Instant most = now.plus(LONGEST_GOOD);
            Instant until = identity.until().isBefore(most) ? identity.until() : most;
            good.put(fingerprint, identity, until.toEpochMilli());
            return Optional.of(identity);
        } catch (TokenRefused refused) {
            if (!refused.away()) {
                bad.put(fingerprint, refused.why(), now.plus(BAD).toEpochMilli());
            }
            log(refused, now.toEpochMilli());
            return Optional.empty();
        }
    }

    @Override
    public Optional<Optional<ProvenIdentity>> remembered(String jwt) {
        return jwt.length() > LONGEST ? Optional.of(Optional.empty()) : remembered(TokenFingerprint.of(jwt));
    }

    private Optional<Optional<ProvenIdentity>> remembered(TokenFingerprint fingerprint) {
        long now = clock.millis();
        Optional<ProvenIdentity> known = good.get(fingerprint, now);
        return known.isPresent() || bad.get(fingerprint, now).isPresent() ? Optional.of(known) : Optional.empty();
    }

    private ProvenIdentity check(String jwt, Instant now) throws TokenRefused {
        SignedToken token = SignedToken.read(jwt, LONGEST);
        TokenRefused last = TokenRefused.because("no issuer of that name is in the settings");
        for (Source source : sources.getOrDefault(token.issuer(), List.of())) {
            try {
                return prove(token, source, now);
            } catch (TokenRefused refused) {
                // Keys that come later may still prove it.
                last = last.away() ? last : refused;
            }
        }
        throw last;
    }

    /** What the token claims, when it is signed by its issuer. */
    static ProvenIdentity prove(SignedToken token, Source source, Instant now) throws TokenRefused {
        // What it says is looked at first, so that nobody has the issuer asked for keys with tokens that are nothing.
        ProvenIdentity claimed = source.rule().claimed(token, now);
        source.keys().requireSigned(token);
        return claimed;
    }

    private void log(TokenRefused refused, long nowMillis) {
        if (nowMillis - loggedMillis >= LOG_PAUSE_MILLIS) {
            loggedMillis = nowMillis;
            LOG.info("A signed token was refused: {}.", refused.why());
        }
    }
}
