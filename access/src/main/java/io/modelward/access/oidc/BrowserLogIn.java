package io.modelward.access.oidc;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.oidc.LogInFailed.Kind;
import io.modelward.access.oidc.SealedLogIn.Begun;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log-in of a browser: the authorization code flow of OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636,
 * S256), a state that is bound to the browser by a cookie, and a nonce. A log-in is ended once, within ten minutes.
 */
public final class BrowserLogIn {

    /** How long a person may take at the provider. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    /** ID tokens that the provider sends itself come in a body, which may be longer than a header. */
    private static final int LONGEST_ID_TOKEN = 64 << 10;

    private static final int LONGEST_CODE = 4096;
    private static final int MOST_USED = 100_000;
    private static final int RANDOM_BYTES = 32;

    private static final Logger LOG = LoggerFactory.getLogger(BrowserLogIn.class);
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final PeopleSettings settings;
    private final Provider provider;
    private final InstantSource clock;
    private final SecureRandom random;
    private final SealedLogIn sealed;
    private final UsedStates used = new UsedStates(MOST_USED);

    BrowserLogIn(PeopleSettings settings, Provider provider, InstantSource clock, SecureRandom random) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
        this.random = random;
        this.sealed = new SealedLogIn(random);
    }

    /** Where browsers find this server, where the settings say so. */
    public Optional<URI> url() {
        return settings.url();
    }

    /**
     * A log-in that has begun.
     *
     * @param location of the provider, where the browser goes
     * @param cookie for the browser to bring back
     */
    public record Started(URI location, String cookie) {}

    /**
     * Who logged in.
     *
     * @param next the page that the browser wanted when it began
     */
    public record Ended(ProvenIdentity identity, String next) {}

    /**
     * What the provider sent the browser back with; each empty where the query has it not, or more than once.
     *
     * @param issuer the parameter {@code iss}
     */
    public record Callback(
            Optional<String> state, Optional<String> code, Optional<String> error, Optional<String> issuer) {}

    /**
     * Begins a log-in.
     *
     * @param next the page to go to afterwards, which the caller has checked
     * @param redirect the address that the provider sends the browser to afterwards
     * @throws LogInFailed when the provider is away
     */
    public Started start(String next, URI redirect) throws LogInFailed {
        URI authorization =
                metadata().authorization().orElseThrow(() -> failed(Kind.AWAY, "it names no authorization_endpoint"));
        Begun begun = new Begun(
                randomText(),
                randomText(),
                randomText(),
                next,
                redirect.toString(),
                clock.instant().plus(LONGEST));
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.client());
        query.put("redirect_uri", begun.redirect());
        query.put("scope", settings.scopes());
        query.put("state", begun.state());
        query.put("nonce", begun.nonce());
        query.put("code_challenge", challenge(begun.verifier()));
        query.put("code_challenge_method", "S256");
        String separator = authorization.getRawQuery() == null ? "?" : "&";
        return new Started(URI.create(authorization + separator + form(query)), sealed.seal(begun));
    }

    /**
     * Ends a log-in: changes the code into an ID token and checks the token.
     *
     * @param cookie that {@link #start} gave the browser; empty when the browser has none
     * @throws LogInFailed also when the same log-in was ended before, by whomever
     */
    public Ended end(Optional<String> cookie, Callback callback) throws LogInFailed {
        Instant now = clock.instant();
        Begun begun = cookie.flatMap(sealed::open)
                .filter(one -> now.isBefore(one.until()))
                .filter(one -> callback.state()
                        .filter(state -> same(state, one.state()))
                        .isPresent())
                .orElseThrow(() -> new LogInFailed(Kind.STALE));
        // Before anything is asked: of two callers with one code the second must fail, however fast it is.
        if (!used.use(begun.state(), begun.until(), now)) {
            throw failed(Kind.STALE, "a log-in was to be ended twice");
        }
        if (callback.error().isPresent()) {
            throw failed(Kind.REFUSED, "the provider refused");
        }
        ProviderMetadata metadata = metadata();
        boolean named = callback.issuer().isPresent();
        if (named ? !callback.issuer().get().equals(settings.issuer()) : metadata.namesItself()) {
            throw failed(Kind.UNPROVED, "the answer is of another provider (iss)");
        }
        String code = callback.code()
                .filter(text -> text.length() <= LONGEST_CODE)
                .orElseThrow(() -> failed(Kind.UNPROVED, "the provider sent no code"));
        String idToken = exchange(metadata, begun, code);
        return new Ended(prove(idToken, begun), begun.next());
    }

    private ProvenIdentity prove(String idToken, Begun begun) throws LogInFailed {
        try {
            SignedToken token = SignedToken.read(idToken, LONGEST_ID_TOKEN);
            if (!token.issuer().equals(settings.issuer())) {
                throw TokenRefused.because("it is of another issuer");
            }
            return ProviderJwtVerifier.prove(
                    token,
                    new ProviderJwtVerifier.Source(
                            provider.keys(), TokenRule.Person.atEndOfLogIn(settings, begun.nonce())),
                    clock.instant());
        } catch (TokenRefused refused) {
            throw failed(refused.away() ? Kind.AWAY : Kind.UNPROVED, "of the ID token: " + refused.why());
        }
    }

    private String exchange(ProviderMetadata metadata, Begun begun, String code) throws LogInFailed {
        URI token = metadata.token().orElseThrow(() -> failed(Kind.AWAY, "it names no token_endpoint"));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("redirect_uri", begun.redirect());
        fields.put("code_verifier", begun.verifier());
        String authorization = "";
        if (settings.secret().isPresent() && metadata.basic()) {
            // Both parts are encoded as in a form before, RFC 6749, section 2.3.1.
            String pair = encoded(settings.client())
                    + ":"
                    + encoded(settings.secret().get().value());
            authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        } else {
            fields.put("client_id", settings.client());
            settings.secret().ifPresent(secret -> fields.put("client_secret", secret.value()));
        }
        ProviderHttp.Answer answer;
        try {
            answer = provider.post(token, form(fields), authorization);
        } catch (IOException away) {
            throw failed(Kind.AWAY, String.valueOf(away.getMessage()));
        }
        if (answer.status() >= 500) {
            throw failed(Kind.AWAY, "its token endpoint answered with status " + answer.status());
        }
        String idToken = answer.body().path("id_token").asString("");
        if (answer.status() != 200 || idToken.isEmpty()) {
            throw failed(
                    Kind.UNPROVED,
                    "its token endpoint answered with status " + answer.status()
                            + (answer.status() == 200 ? " and no ID token" : "; compare client and secret"));
        }
        return idToken;
    }

    private ProviderMetadata metadata() throws LogInFailed {
        return provider.metadata().orElseThrow(() -> new LogInFailed(Kind.AWAY));
    }

    private static LogInFailed failed(Kind kind, String why) {
        LOG.info("A log-in by the identity provider did not succeed: {}.", why);
        return new LogInFailed(kind);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return BASE64URL.encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        return BASE64URL.encodeToString(TokenHash.of(verifier));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
