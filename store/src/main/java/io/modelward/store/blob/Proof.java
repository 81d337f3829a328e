package io.modelward.store.blob;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * The proof that a stored file has the bytes of its digest, made once and piece by piece. It keeps a checksum of each
 * piece, so that a range can be checked by itself afterwards, also when the disk changes bits under a file that nobody
 * writes to.
 */
final class Proof {

    /** Bytes that are checked together. */
    static final int PIECE = 128 * 1024;

    private static final int PIECES_AT_ONCE = 32;

    private final Digest digest;
    private final Stamp stamp;
    private final int[] sums;

    @GuardedBy("this")
    private final MessageDigest sha256 = Sha256.start();

    @GuardedBy("this")
    private int made;

    @GuardedBy("this")
    private boolean ended;

    @GuardedBy("this")
    private boolean good;

    Proof(Digest digest, Stamp stamp) {
        this.digest = digest;
        this.stamp = stamp;
        this.sums = new int[Math.toIntExact((stamp.size() + PIECE - 1) / PIECE)];
    }

    Stamp stamp() {
        return stamp;
    }

    int pieces() {
        return sums.length;
    }

    /**
     * Reads on where the last call ended, whoever made that, so that all who wait for one proof share the work.
     *
     * @param buffer of {@link #PIECE} bytes
     * @return whether the proof has ended
     */
    synchronized boolean step(FileChannel channel, ByteBuffer buffer) throws IOException {
        for (int i = 0; i < PIECES_AT_ONCE && !ended; i++) {
            if (made == sums.length) {
                good = Digest.ofBytes(sha256.digest()).equals(digest);
                ended = true;
            } else if (fill(channel, buffer, made)) {
                sha256.update(buffer.duplicate());
                sums[made++] = sum(buffer);
            } else {
                ended = true;
            }
        }
        return ended;
    }

    /** Whether the file has the bytes of its digest; after the proof has ended. */
    synchronized boolean good() {
        return good;
    }

    /** Reads one piece and says whether it is as it was when the proof was made. */
    synchronized boolean read(FileChannel channel, ByteBuffer buffer, int piece) throws IOException {
        return fill(channel, buffer, piece) && sum(buffer) == sums[piece];
    }

    /** Whether the whole piece is there. */
    private boolean fill(FileChannel channel, ByteBuffer buffer, int piece) throws IOException {
        long at = (long) piece * PIECE;
        buffer.clear().limit((int) Math.min(PIECE, stamp.size() - at));
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at + buffer.position());
            if (n < 0) {
                return false;
            }
        }
        buffer.flip();
        return true;
    }

    private static int sum(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate());
        return (int) crc.getValue();
    }
}
