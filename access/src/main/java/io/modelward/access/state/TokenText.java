package io.modelward.access.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * The text of tokens: {@code mwt_}, 30 random characters of base 62 (178 bits), and 6 characters of base 62 for the
 * CRC-32 of all that is before. The checksum lets scanners of source code tell a token from other text; it is no
 * secret. Sessions have {@code mws_} in the place of {@code mwt_}.
 */
public final class TokenText {

    public static final String TOKEN = "mwt_";
    public static final String SESSION = "mws_";

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int PREFIX = 4;
    private static final int RANDOM = 30;
    private static final int CHECKSUM = 6;
    private static final int LENGTH = PREFIX + RANDOM + CHECKSUM;

    private TokenText() {}

    /** SHA-256 of a text, as four numbers: what is looked up at each request. */
    public record Hash(long a, long b, long c, long d) {

        /** The hash of a text of ASCII characters. */
        public static Hash of(String text) {
            byte[] bytes = sha256(text);
            return new Hash(number(bytes, 0), number(bytes, 8), number(bytes, 16), number(bytes, 24));
        }

        /** A hash that was written by {@link #toString}. */
        public static Hash parse(String hex) {
            return new Hash(part(hex, 0), part(hex, 16), part(hex, 32), part(hex, 48));
        }

        private static long part(String hex, int from) {
            return Long.parseUnsignedLong(hex, from, from + 16, 16);
        }

        private static long number(byte[] bytes, int from) {
            long number = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                number = number << 8 | (bytes[from + i] & 0xff);
            }
            return number;
        }

        /** 64 digits of hex. */
        @Override
        public String toString() {
            return "%016x%016x%016x%016x".formatted(a, b, c, d);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A new text. */
    public static String make(String prefix, RandomGenerator random) {
        StringBuilder text = new StringBuilder(LENGTH).append(prefix);
        for (int i = 0; i < RANDOM; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.append(checksum(text, text.length())).toString();
    }

    /** Whether the text has the form of a token or session; a text of this form may still be nobody's. */
    public static boolean wellFormed(String prefix, String text) {
        if (text.length() != LENGTH || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = PREFIX; i < LENGTH; i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.endsWith(checksum(text, LENGTH - CHECKSUM));
    }

    private static String checksum(CharSequence text, int length) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < length; i++) {
            crc.update(text.charAt(i));
        }
        long rest = crc.getValue();
        char[] digits = new char[CHECKSUM];
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(digits);
    }
}
