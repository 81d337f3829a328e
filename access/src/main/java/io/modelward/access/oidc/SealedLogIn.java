package io.modelward.access.oidc;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/**
 * Seals a log-in that has begun into a text for a cookie, with AES-256-GCM and a key that this process made for itself.
 * So the server keeps nothing of log-ins that nobody ends, and a cookie that somebody made up or changed opens nothing.
 */
final class SealedLogIn {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecureRandom random;
    private final SecretKey key;

    SealedLogIn(SecureRandom random) {
        this.random = random;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "AES");
    }

    /**
     * A log-in that has begun.
     *
     * @param state that the provider gives back to the browser
     * @param nonce that the ID token repeats
     * @param verifier of PKCE (RFC 7636)
     * @param next the page to go to afterwards
     * @param redirect the address that the provider sends the browser to
     * @param until when it may be ended at the latest
     */
    record Begun(String state, String nonce, String verifier, String next, String redirect, Instant until) {}

    String seal(Begun begun) {
        byte[] text = Json.bytes(Json.object()
                .put("state", begun.state())
                .put("nonce", begun.nonce())
                .put("verifier", begun.verifier())
                .put("next", begun.next())
                .put("redirect", begun.redirect())
                .put("until", begun.until().getEpochSecond()));
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        sealed.writeBytes(nonce);
        try {
            sealed.writeBytes(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.toByteArray());
    }

    /** Empty for what was not sealed here. */
    Optional<Begun> open(String sealed) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sealed);
            byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
            byte[] text = cipher(Cipher.DECRYPT_MODE, nonce)
                    .doFinal(bytes, NONCE_BYTES, Math.max(0, bytes.length - NONCE_BYTES));
            JsonNode json = Json.parse(new String(text, StandardCharsets.UTF_8), "cookie");
            return Optional.of(new Begun(
                    json.path("state").asString(),
                    json.path("nonce").asString(),
                    json.path("verifier").asString(),
                    json.path("next").asString(),
                    json.path("redirect").asString(),
                    Instant.ofEpochSecond(json.path("until").asLong())));
        } catch (GeneralSecurityException | IllegalArgumentException | ProblemException notOurs) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
