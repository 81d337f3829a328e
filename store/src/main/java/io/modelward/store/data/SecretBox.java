package io.modelward.store.data;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets that are kept in the catalog, so that a copy of the catalog does not give them away: AES-256-GCM under
 * a key in a file of its own, which is made when the first secret is sealed and which only the server's user may read.
 * A sealed secret is bound to its owner, and opens for no other owner.
 */
public final class SecretBox {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Disk disk;
    private final Path file;
    private final Path directory;
    private final RandomGenerator random;

    @GuardedBy("this")
    private @Nullable SecretKeySpec key;

    /** @param random of cryptographic quality */
    public SecretBox(Disk disk, Path file, RandomGenerator random) {
        this.disk = disk;
        this.file = file;
        this.directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        this.random = random;
    }

    /** Seals a secret of an owner, as Base64 of nonce and ciphertext. Blocking at its first use. */
    public String seal(String owner, String secret) {
        try {
            byte[] nonce = bytes(NONCE_BYTES);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key(true), nonce, owner)
                    .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The secret; empty when it was sealed for another owner or with another key, or is damaged. */
    public Optional<String> open(String owner, String sealed) {
        try {
            byte[] all = Base64.getDecoder().decode(sealed);
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            byte[] secret = cipher(Cipher.DECRYPT_MODE, key(false), nonce, owner)
                    .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return Optional.of(new String(secret, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String owner)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private synchronized SecretKeySpec key(boolean make) throws GeneralSecurityException {
        if (key == null) {
            try {
                if (!Files.exists(file)) {
                    if (!make) {
                        throw new GeneralSecurityException("there is no key");
                    }
                    write(bytes(KEY_BYTES));
                }
                byte[] kept = Files.readAllBytes(file);
                if (kept.length != KEY_BYTES) {
                    throw new GeneralSecurityException("the key is damaged");
                }
                key = new SecretKeySpec(kept, "AES");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return key;
    }

    /** The whole key or none is found under the name, also after a power loss. */
    private void write(byte[] bytes) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        disk.delete(unfinished);
        try (DiskFile out = disk.create(unfinished)) {
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            out.write(ByteBuffer.wrap(bytes));
            out.sync();
        }
        disk.rename(unfinished, file);
        disk.syncDirectory(directory);
    }
}
