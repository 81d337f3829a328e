package io.modelward.access.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import io.modelward.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The public keys that an issuer signs with, as a JWK Set (RFC 7517). A key counts for the algorithms of its own kind
 * only, so that no token can have a public key taken for a shared secret.
 */
final class SigningKeys {

    /** With which a token may be signed, with the kind of key that each takes: a curve, or RSA. */
    private static final Map<JWSAlgorithm, String> ALGORITHMS = Map.of(
            JWSAlgorithm.RS256, "RSA",
            JWSAlgorithm.RS384, "RSA",
            JWSAlgorithm.RS512, "RSA",
            JWSAlgorithm.PS256, "RSA",
            JWSAlgorithm.PS384, "RSA",
            JWSAlgorithm.PS512, "RSA",
            JWSAlgorithm.ES256, "P-256",
            JWSAlgorithm.ES384, "P-384",
            JWSAlgorithm.ES512, "P-521",
            JWSAlgorithm.EdDSA, "Ed25519");

    private static final int MOST = 100;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;
    /** What stands before the 32 bytes of a public key of Ed25519 in its X.509 form (RFC 8410, section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private record Key(Optional<String> id, Optional<String> algorithm, String kind, JWK jwk) {}

    private final List<Key> keys;

    private SigningKeys(List<Key> keys) {
        this.keys = keys;
    }

    /** Whether tokens may be signed so; {@code none} and all with a shared secret are not. */
    static boolean allows(JWSAlgorithm algorithm) {
        return ALGORITHMS.containsKey(algorithm);
    }

    /**
     * Reads the keys of a set that can prove a token; others are passed over.
     *
     * @throws IOException when there is none
     */
    static SigningKeys parse(JsonNode document) throws IOException {
        JWKSet set;
        try {
            set = JWKSet.parse(Json.write(document));
        } catch (ParseException | RuntimeException malformed) {
            throw new IOException("the key set is no JWK Set");
        }
        if (set.getKeys().size() > MOST) {
            throw new IOException("the key set has more than " + MOST + " keys");
        }
        List<Key> keys = new ArrayList<>();
        for (JWK jwk : set.getKeys()) {
            usable(jwk).ifPresent(keys::add);
        }
        if (keys.isEmpty()) {
            throw new IOException("the key set has no public key that signs with one of the algorithms allowed here");
        }
        return new SigningKeys(List.copyOf(keys));
    }

    private static Optional<Key> usable(JWK jwk) {
        Set<KeyOperation> operations = jwk.getKeyOperations();
        boolean signs = (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
                && (operations == null || operations.contains(KeyOperation.VERIFY));
        String kind = switch (jwk) {
            case RSAKey rsa when rsa.size() >= LEAST_RSA_BITS && rsa.size() <= MOST_RSA_BITS -> "RSA";
            case ECKey ec -> ec.getCurve().getName();
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> "Ed25519";
            default -> "";
        };
        return signs && ALGORITHMS.containsValue(kind)
                ? Optional.of(new Key(
                        Optional.ofNullable(jwk.getKeyID()),
                        Optional.ofNullable(jwk.getAlgorithm()).map(algorithm -> algorithm.getName()),
                        kind,
                        jwk.toPublicJWK()))
                : Optional.empty();
    }

    /** Whether a key is here that may have signed the token. */
    boolean know(SignedJWT token) {
        return keys.stream().anyMatch(key -> fits(key, token));
    }

    private static boolean fits(Key key, SignedJWT token) {
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        String id = token.getHeader().getKeyID();
        return key.kind().equals(ALGORITHMS.get(algorithm))
                && (key.algorithm().isEmpty()
                        || key.algorithm().get().equals(algorithm.getName())
                        || key.kind().equals("Ed25519"))
                && (id == null || (key.id().isPresent() && key.id().get().equals(id)));
    }

    /** Whether one of the keys signed the token. */
    boolean signed(SignedJWT token) {
        return keys.stream().filter(key -> fits(key, token)).anyMatch(key -> signed(key.jwk(), token));
    }

    private static boolean signed(JWK key, SignedJWT token) {
        try {
            return switch (key) {
                case RSAKey rsa -> signed(new RSASSAVerifier(rsa), token);
                case ECKey ec -> signed(new ECDSAVerifier(ec), token);
                case OctetKeyPair pair -> signed(pair, token);
                default -> false;
            };
        } catch (JOSEException | GeneralSecurityException unusable) {
            return false;
        }
    }

    private static boolean signed(JWSVerifier verifier, SignedJWT token) throws JOSEException {
        return verifier.supportedJWSAlgorithms().contains(token.getHeader().getAlgorithm()) && token.verify(verifier);
    }

    /** By the JDK itself: the library would bring another one for this curve. */
    private static boolean signed(OctetKeyPair pair, SignedJWT token) throws GeneralSecurityException {
        byte[] point = pair.getDecodedX();
        if (point.length != 32) {
            return false;
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_PREFIX);
        encoded.writeBytes(point);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }
}
