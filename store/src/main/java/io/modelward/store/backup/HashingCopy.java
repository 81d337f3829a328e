package io.modelward.store.backup;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.Sha256;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** Copies and hashes files at once, so that what was copied is known and never assumed. */
public final class HashingCopy {

    private static final int CHUNK = 256 << 10;

    private HashingCopy() {}

    /** What was read. */
    public record Copied(Digest sha256, long size) {}

    /** Copies a file to one that is being written; its bytes are durable then, its name is not. */
    static Copied copy(ReadableByteChannel in, DiskFile out) throws IOException {
        return copy(in, out, _ -> {});
    }

    /** @param moved hears how many bytes were copied, again and again */
    static Copied copy(ReadableByteChannel in, DiskFile out, LongConsumer moved) throws IOException {
        Copied copied = pass(in, out, moved);
        out.sync();
        return copied;
    }

    /** Hashes a file. */
    public static Copied hash(Disk disk, Path file) throws IOException {
        try (FileChannel in = disk.read(file)) {
            return hash(in);
        }
    }

    /** Hashes what is left of a file. */
    static Copied hash(ReadableByteChannel in) throws IOException {
        return pass(in, null, _ -> {});
    }

    private static Copied pass(
            ReadableByteChannel in, @org.jspecify.annotations.Nullable DiskFile out, LongConsumer moved)
            throws IOException {
        MessageDigest sha256 = Sha256.start();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long size = 0;
        while (in.read(chunk.clear()) >= 0) {
            chunk.flip();
            long count = chunk.remaining();
            size += count;
            sha256.update(chunk.duplicate());
            if (out != null) {
                out.write(chunk);
            }
            moved.accept(count);
        }
        return new Copied(Digest.ofBytes(sha256.digest()), size);
    }
}
