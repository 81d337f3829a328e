package io.modelward.access.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Quoted;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A signed token (RFC 7519) that was read and is not yet proved. Refused at once is what no issuer sends and only
 * attackers do (RFC 8725): an algorithm that is not on the list, a key or an address of keys in the header, extensions,
 * and text that is not the one way to write these bytes.
 */
final class SignedToken {

    /** How far the issuer's clock may be from ours. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    /** The end of the year 9999: beyond it a time could not be counted on from. */
    private static final double LAST_SECOND = 253_402_300_799.0;

    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_GROUP = 255;
    private static final int MOST_GROUPS = 500;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    /** ID tokens have no type or this one; an access token by RFC 9068 has the other one. */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final SignedJWT jwt;
    private final JsonNode claims;

    private SignedToken(SignedJWT jwt, JsonNode claims) {
        this.jwt = jwt;
        this.claims = claims;
    }

    /** @param longest in characters */
    static SignedToken read(String text, int longest) throws TokenRefused {
        if (text.length() > longest || !FORM.matcher(text).matches()) {
            throw TokenRefused.because("it is longer than " + longest + " characters, or no signed token at all");
        }
        SignedJWT jwt;
        JsonNode claims;
        try {
            jwt = SignedJWT.parse(text);
            requirePlain(jwt.getHeader());
            Base64URL signature = jwt.getSignature();
            if (!Base64URL.encode(signature.decode()).equals(signature)) {
                throw TokenRefused.because("its signature is not written as base64url");
            }
            claims = Json.parse(jwt.getPayload().toBytes(), "token");
        } catch (ParseException | RuntimeException malformed) {
            // Anybody may send anything, also what the library did not think of.
            throw TokenRefused.because("it cannot be read, or its algorithm is none");
        }
        if (!claims.isObject()) {
            throw TokenRefused.because("its claims are no JSON object");
        }
        return new SignedToken(jwt, claims);
    }

    private static void requirePlain(JWSHeader header) throws TokenRefused {
        JWSAlgorithm algorithm = header.getAlgorithm();
        if (!SigningKeys.allows(algorithm)) {
            throw TokenRefused.because("its algorithm is not allowed");
        }
        if (header.getJWK() != null
                || header.getJWKURL() != null
                || header.getX509CertURL() != null
                || header.getX509CertChain() != null) {
            throw TokenRefused.because("it brings its own key");
        }
        if (header.getCriticalParams() != null) {
            throw TokenRefused.because("it has extensions that are not known here");
        }
        if (header.getType() != null
                && !TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT))) {
            throw TokenRefused.because("it is of another type");
        }
    }

    SignedJWT jwt() {
        return jwt;
    }

    JsonNode claims() {
        return claims;
    }

    /** As the token says, without any proof; empty when the token says nothing. */
    String issuer() {
        return claims.path("iss").asString("");
    }

    /** Whom the token is for. */
    List<String> audiences() {
        return new ClaimName("aud").texts(claims);
    }

    /** @throws TokenRefused when it is none that can be written down */
    String subject() throws TokenRefused {
        JsonNode value = claims.path("sub");
        String subject = value.isString() ? value.stringValue() : "";
        if (subject.isEmpty() || subject.length() > LONGEST_SUBJECT || !isName(subject)) {
            throw TokenRefused.because(
                    "its subject is missing, longer than " + LONGEST_SUBJECT + " characters, or not plain");
        }
        return subject;
    }

    /** A name for people to read, from the first of these claims that has one. */
    Optional<String> shown(List<ClaimName> names) {
        return names.stream()
                .flatMap(name -> name.texts(claims).stream())
                .filter(text -> text.length() <= LONGEST_SUBJECT && isName(text))
                .findFirst();
    }

    /** The groups of a claim; none when there is no such claim. What is no name of a group is passed over. */
    Set<String> groups(ClaimName name) {
        Set<String> groups = new LinkedHashSet<>();
        for (String group : name.texts(claims)) {
            if (group.length() <= LONGEST_GROUP && isName(group) && groups.size() < MOST_GROUPS) {
                groups.add(group);
            }
        }
        return Set.copyOf(groups);
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.equals(text.strip()) && Quoted.isPlain(text);
    }

    /**
     * The token's end.
     *
     * @param issued whether the token must say since when it is
     * @throws TokenRefused when the token is not valid now
     */
    Instant requireValid(Instant now, boolean issued) throws TokenRefused {
        Optional<Instant> end = time("exp");
        if (end.isEmpty()) {
            throw TokenRefused.because("it has no end (exp)");
        }
        if (!now.isBefore(end.get().plus(SKEW))) {
            throw TokenRefused.because("it has expired (exp)");
        }
        Optional<Instant> since = time("iat");
        if (issued && since.isEmpty()) {
            throw TokenRefused.because("it does not say since when it is (iat)");
        }
        if (since.isPresent() && since.get().isAfter(now.plus(SKEW))) {
            throw TokenRefused.because("it was made in the future (iat); compare the clocks");
        }
        Optional<Instant> from = time("nbf");
        if (from.isPresent() && from.get().isAfter(now.plus(SKEW))) {
            throw TokenRefused.because("it is not valid yet (nbf)");
        }
        return end.get();
    }

    /** A time in seconds since 1970, perhaps with a fraction. */
    private Optional<Instant> time(String name) throws TokenRefused {
        JsonNode value = claims.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= LAST_SECOND) {
            return Optional.of(Instant.ofEpochSecond((long) value.doubleValue()));
        }
        throw TokenRefused.because("its " + name + " is no time");
    }
}
