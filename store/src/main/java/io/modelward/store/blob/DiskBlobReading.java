package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stored file so that wrong bytes never end well. A whole file is hashed on its way and compared before its
 * last piece goes out. A range cannot be hashed alone: the file is proved once (see {@link Proof}), and then each piece
 * that the range touches is checked before it goes out. A file of one piece is proved before its first byte, so that a
 * damaged one is a clean error.
 */
final class DiskBlobReading implements BlobReading {

    private final BlobHealth health;
    private final Path path;
    private final Digest digest;
    private final Stamp stamp;
    private final FileChannel channel;
    private final long end;
    /** Where a whole file is hashed on its way; else the proof is used. */
    private final Optional<MessageDigest> hash;

    private final Optional<Proof> proof;
    private @Nullable ByteBuffer buffer;
    private long at;

    private DiskBlobReading(
            BlobHealth health, Path path, Digest digest, Stamp stamp, FileChannel channel, long from, long length) {
        this.health = health;
        this.path = path;
        this.digest = digest;
        this.stamp = stamp;
        this.channel = channel;
        this.at = from;
        this.end = from + length;
        boolean whole = from == 0 && length == stamp.size() && length > Proof.PIECE;
        this.hash = whole ? Optional.of(Sha256.start()) : Optional.empty();
        this.proof = whole ? Optional.empty() : Optional.of(health.proof(digest, stamp));
    }

    /**
     * Opens a part of a stored file.
     *
     * @param size of the whole file, as whoever names it says
     * @param open opens the file
     */
    static DiskBlobReading open(
            BlobHealth health, Path path, Digest digest, long size, long from, long length, Opener open)
            throws IOException {
        if (from < 0 || length < 0 || from > size - length) {
            throw new IllegalArgumentException("range outside the blob");
        }
        // Taken before the file is opened: the mark must never be put on a file that took its place meanwhile.
        Stamp stamp = Stamp.of(path);
        if (stamp.size() != size) {
            health.mark(digest, stamp);
        }
        if (health.isMarked(digest, stamp)) {
            throw BlobHealth.damaged(digest);
        }
        return new DiskBlobReading(health, path, digest, stamp, open.open(path), from, length);
    }

    /** Opens a file for reading. */
    interface Opener {
        FileChannel open(Path path) throws IOException;
    }

    @Override
    public boolean prove() throws IOException {
        if (proof.isEmpty()) {
            return true;
        }
        if (!proof.get().step(channel, buffer())) {
            return false;
        }
        if (!proof.get().good()) {
            throw damaged();
        }
        return true;
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        if (at == end) {
            return null;
        }
        return proof.isPresent() ? checked(proof.get()) : hashed(hash.orElseThrow());
    }

    private ByteBuffer checked(Proof proof) throws IOException {
        int piece = (int) (at / Proof.PIECE);
        ByteBuffer bytes = buffer();
        if (!proof.read(channel, bytes, piece)) {
            throw damaged();
        }
        long start = (long) piece * Proof.PIECE;
        bytes.limit((int) Math.min(bytes.limit(), end - start)).position((int) (at - start));
        at += bytes.remaining();
        return bytes;
    }

    private ByteBuffer hashed(MessageDigest sha256) throws IOException {
        ByteBuffer bytes = buffer().clear();
        bytes.limit((int) Math.min(bytes.capacity(), end - at));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw damaged();
            }
        }
        bytes.flip();
        at += bytes.remaining();
        sha256.update(bytes.duplicate());
        if (at == end && !Digest.ofBytes(sha256.digest()).equals(digest)) {
            throw damaged();
        }
        return bytes;
    }

    private ByteBuffer buffer() {
        ByteBuffer present = buffer;
        if (present == null) {
            present = ByteBuffer.allocate((int) Math.min(Proof.PIECE, Math.max(1, stamp.size())));
            buffer = present;
        }
        return present;
    }

    private RuntimeException damaged() throws IOException {
        try {
            if (Stamp.of(path).equals(stamp)) {
                health.mark(digest, stamp);
            }
        } catch (NoSuchFileException gone) {
            // There is nothing left to mark.
        }
        return BlobHealth.damaged(digest);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
