package io.modelward.access.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of texts. */
final class TokenHash {

    /** Cloned for each use, since looking the algorithm up costs as much as hashing a token. */
    private static final MessageDigest TEMPLATE = fresh();

    private TokenHash() {}

    static byte[] of(String text) {
        MessageDigest digest;
        try {
            digest = (MessageDigest) TEMPLATE.clone();
        } catch (CloneNotSupportedException unusual) {
            digest = fresh();
        }
        return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
