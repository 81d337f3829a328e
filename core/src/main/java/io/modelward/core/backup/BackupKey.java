package io.modelward.core.backup;

import io.modelward.core.problem.ProblemException;
import java.util.Arrays;
import java.util.Base64;

/** The key that the backups of a folder are encrypted with. Its file has it as Base64 on one line. */
public final class BackupKey {

    /** Of the key itself. */
    public static final int BYTES = 32;

    private final byte[] secret;

    private BackupKey(byte[] secret) {
        this.secret = secret;
    }

    /** @param secret {@value #BYTES} bytes of cryptographic quality */
    public static BackupKey of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes");
        }
        return new BackupKey(secret.clone());
    }

    /**
     * Reads what the file of a key has.
     *
     * @param field that named the file
     * @throws ProblemException of kind INVALID when it is no key; the message has nothing of the text
     */
    public static BackupKey parse(String text, String field) {
        try {
            byte[] secret = Base64.getDecoder().decode(text.strip());
            if (secret.length == BYTES) {
                return new BackupKey(secret);
            }
        } catch (IllegalArgumentException noBase64) {
            throw noKey(field);
        }
        throw noKey(field);
    }

    private static ProblemException noKey(String field) {
        return ProblemException.invalid(
                field,
                "The file that " + field + " names is no key of backups: such a file has " + BYTES
                        + " bytes as Base64 on one line. Make one with: modelward backup --new-key FILE.");
    }

    /** What its file has. */
    public String text() {
        return Base64.getEncoder().encodeToString(secret) + "\n";
    }

    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BackupKey key && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return "a key of backups";
    }
}
