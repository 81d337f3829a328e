package io.modelward.core.digest;

import io.modelward.core.problem.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256, written {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * @param hex the 64 digits
 */
public record Digest(String hex) {

    private static final String PREFIX = "sha256:";
    private static final int DIGITS = 64;

    public Digest {
        if (!isHex(hex)) {
            throw ProblemException.invalid("digest", "A SHA-256 has 64 lower-case hexadecimal digits.");
        }
    }

    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw ProblemException.invalid(
                    "digest", "A digest starts with sha256: and goes on with 64 hexadecimal digits.");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    public static Digest ofHex(String hex) {
        return new Digest(hex);
    }

    /** The digest of this content. */
    public static Digest of(byte[] content) {
        try {
            return ofBytes(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The digest whose 32 raw bytes these are. */
    public static Digest ofBytes(byte[] raw) {
        return new Digest(HexFormat.of().formatHex(raw));
    }

    /** The 32 raw bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** The first 12 digits, for people; not an identity. */
    public String shortForm() {
        return PREFIX + hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    private static boolean isHex(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
