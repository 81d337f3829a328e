package io.modelward.access.oidc;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.oidc.LogInFailed.Kind;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log-in of a program that has no browser: the program asks the provider itself (RFC 8628) with this server's
 * client, and brings the ID token that it was given.
 */
public final class ProgramLogIn {

    private static final Logger LOG = LoggerFactory.getLogger(ProgramLogIn.class);
    private static final int LONGEST_ID_TOKEN = 64 << 10;

    private final PeopleSettings settings;
    private final Provider provider;
    private final InstantSource clock;

    ProgramLogIn(PeopleSettings settings, Provider provider, InstantSource clock) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
    }

    public String issuer() {
        return settings.issuer();
    }

    public String client() {
        return settings.programs();
    }

    public String scopes() {
        return settings.scopes();
    }

    /**
     * What the provider says of the endpoints that a program needs.
     *
     * @param device empty: the provider does not know programs without a browser
     */
    public record Endpoints(Optional<URI> device, Optional<URI> token) {}

    /** @throws LogInFailed when the provider is away */
    public Endpoints endpoints() throws LogInFailed {
        ProviderMetadata metadata = provider.metadata().orElseThrow(() -> new LogInFailed(Kind.AWAY));
        return new Endpoints(metadata.device(), metadata.token());
    }

    /**
     * Who an ID token is of.
     *
     * @throws LogInFailed of kind UNPROVED for every token that proves nothing, and of kind AWAY when the keys that
     *     could tell cannot be fetched
     */
    public ProvenIdentity prove(String idToken) throws LogInFailed {
        try {
            SignedToken token = SignedToken.read(idToken, LONGEST_ID_TOKEN);
            if (!token.issuer().equals(settings.issuer())) {
                throw TokenRefused.because("it is of another issuer");
            }
            return ProviderJwtVerifier.prove(
                    token,
                    new ProviderJwtVerifier.Source(provider.keys(), TokenRule.Person.brought(settings)),
                    clock.instant());
        } catch (TokenRefused refused) {
            LOG.info("An ID token of a program was refused: {}.", refused.why());
            throw new LogInFailed(refused.away() ? Kind.AWAY : Kind.UNPROVED);
        }
    }
}
