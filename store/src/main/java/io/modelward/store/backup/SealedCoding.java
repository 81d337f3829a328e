package io.modelward.store.backup;

import io.modelward.core.backup.BackupKey;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals files under a key, so that nobody reads or changes them who has not the key.
 *
 * <pre>
 *   file   = "MWSEAL1\n", salt of 32 random bytes, piece, piece …
 *   piece  = AES-256-GCM of 65536 bytes of content (the last piece: 0 to 65536), with its tag of 16 bytes
 *   key    = HKDF-SHA256(key of the folder, salt, "modelward backup file\n" + name of the file in the folder)
 *   nonce  = number of the piece from 0 (11 bytes, high byte first), 1 for the last piece else 0 (1 byte)
 * </pre>
 *
 * Each file has a key of its own, so that no nonce is used twice. A piece that is changed, left out, added, moved or
 * from another file does not open, nor does a file under another name; the mark of the last piece shows that no piece
 * is missing at the end.
 */
final class SealedCoding implements BackupCoding {

    static final int PIECE = 64 << 10;
    private static final int TAG = 16;
    private static final int SALT = 32;
    private static final int NONCE = 12;
    private static final byte[] MAGIC = "MWSEAL1\n".getBytes(StandardCharsets.US_ASCII);

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    SealedCoding(BackupKey key) {
        this.key = new SecretKeySpec(key.secret(), "Generic");
    }

    /** Bytes that only who has the key can tell; they tell nothing of the key. */
    static byte[] check(BackupKey key, byte[] salt, String about) {
        try {
            return derive(new SecretKeySpec(key.secret(), "Generic"), salt, "modelward backup check\n" + about)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SecretKey derive(SecretKey key, byte[] salt, String purpose) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(key)
                                .addSalt(salt)
                                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BackupKey.BYTES));
    }

    @Override
    public DiskFile writing(DiskFile file, String name) throws IOException {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        try {
            file.write(ByteBuffer.wrap(MAGIC));
            file.write(ByteBuffer.wrap(salt));
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
        return new Sealing(file, new Pieces(key, salt, name));
    }

    @Override
    public ReadableByteChannel reading(FileChannel file, String name) throws IOException {
        try {
            return opening(file, name);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private ReadableByteChannel opening(FileChannel file, String name) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MAGIC.length + SALT);
        fill(file, start);
        if (start.hasRemaining() || !Arrays.equals(start.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new SealBroken();
        }
        byte[] salt = Arrays.copyOfRange(start.array(), MAGIC.length, MAGIC.length + SALT);
        return new Opening(file, new Pieces(key, salt, name));
    }

    @Override
    public long size(long content) {
        long pieces = Math.max(1, (content + PIECE - 1) / PIECE);
        return MAGIC.length + SALT + content + pieces * TAG;
    }

    private static void fill(ReadableByteChannel from, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() && from.read(bytes) >= 0) {
            // Reads on until the buffer is full or the file ends.
        }
    }

    /** Seals or opens the pieces of one file, in their order. */
    private static final class Pieces {
        private final SecretKey key;
        private final Cipher cipher;
        private long number;

        private Pieces(SecretKey folder, byte[] salt, String name) {
            try {
                this.key = derive(folder, salt, "modelward backup file\n" + name);
                this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        private void next(int mode, boolean last, ByteBuffer in, ByteBuffer out) throws GeneralSecurityException {
            ByteBuffer nonce = ByteBuffer.allocate(NONCE);
            nonce.putLong(NONCE - 1 - Long.BYTES, number).put(NONCE - 1, (byte) (last ? 1 : 0));
            cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce.array()));
            cipher.doFinal(in, out);
            number++;
        }
    }

    /** Holds a full piece back until more content comes, since it may be the last. */
    private static final class Sealing implements DiskFile {
        private final DiskFile file;
        private final Pieces pieces;
        private final ByteBuffer content = ByteBuffer.allocate(PIECE);
        private final ByteBuffer sealed = ByteBuffer.allocate(PIECE + TAG);
        private boolean ended;

        private Sealing(DiskFile file, Pieces pieces) {
            this.file = file;
            this.pieces = pieces;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            if (ended) {
                throw new IllegalStateException("the file has its last piece");
            }
            while (bytes.hasRemaining()) {
                if (!content.hasRemaining()) {
                    piece(false);
                }
                int count = Math.min(bytes.remaining(), content.remaining());
                content.put(bytes.slice().limit(count));
                bytes.position(bytes.position() + count);
            }
        }

        private void piece(boolean last) throws IOException {
            try {
                pieces.next(Cipher.ENCRYPT_MODE, last, content.flip(), sealed.clear());
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
            file.write(sealed.flip());
            content.clear();
        }

        @Override
        public void sync() throws IOException {
            ended = true;
            piece(true);
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Gives content out only after the tag of its piece was checked. */
    private static final class Opening implements ReadableByteChannel {
        private final FileChannel file;
        private final Pieces pieces;
        /** One byte more than a piece, which shows whether another follows. */
        private final ByteBuffer sealed = ByteBuffer.allocate(PIECE + TAG + 1);

        private final ByteBuffer content = ByteBuffer.allocate(PIECE).limit(0);
        private boolean ended;

        private Opening(FileChannel file, Pieces pieces) {
            this.file = file;
            this.pieces = pieces;
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            while (!content.hasRemaining()) {
                if (ended) {
                    return -1;
                }
                open();
            }
            int count = Math.min(bytes.remaining(), content.remaining());
            bytes.put(content.slice().limit(count));
            content.position(content.position() + count);
            return count;
        }

        private void open() throws IOException {
            fill(file, sealed);
            ended = sealed.hasRemaining();
            sealed.flip();
            int piece = Math.min(sealed.limit(), PIECE + TAG);
            try {
                pieces.next(Cipher.DECRYPT_MODE, ended, sealed.slice(0, piece), content.clear());
            } catch (GeneralSecurityException changed) {
                throw new SealBroken();
            }
            content.flip();
            sealed.position(piece);
            sealed.compact();
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
