package io.modelward.store.prediction;

import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.store.blob.Sha256;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Predicate;

/** Copies a segment for a backup, also one that records are being written to. */
public final class SegmentCopy {

    private static final int SLOTS_AT_ONCE = 1024;
    /** A record is written in less than a microsecond, and a look may fall into it. */
    private static final int LOOKS = 100;

    private static final byte[] EMPTY = new byte[RecordCodec.SIZE];

    private SegmentCopy() {}

    /**
     * What was written.
     *
     * @param left how many records were left out
     */
    public record Result(Digest sha256, long size, long left) {}

    /** Where the segment of a number lies. */
    public static Path path(Path directory, int number) {
        return Segment.path(directory, number);
    }

    /**
     * Copies up to the last slot that holds anything. Slots of records that are not wanted are left empty.
     *
     * @param out a new file, which the caller closes; its bytes are durable then, its name is not
     */
    public static Result copy(Disk disk, Path from, DiskFile out, Predicate<DecisionRecord> wanted) throws IOException {
        MessageDigest sha256 = Sha256.start();
        long left = 0;
        long size = 0;
        try (FileChannel in = disk.read(from)) {
            ByteBuffer header = ByteBuffer.allocate(Segment.HEADER);
            while (header.hasRemaining() && in.read(header, header.position()) >= 0) {
                // Reads on until the end.
            }
            header.flip();
            sha256.update(header.duplicate());
            size += header.remaining();
            out.write(header);
            long slots = Math.max(0, (in.size() - Segment.HEADER) / RecordCodec.SIZE);
            // Empty slots are written only when something follows.
            long empty = 0;
            for (long slot = 0; slot < slots; slot += SLOTS_AT_ONCE) {
                byte[] bytes = SegmentFile.read(in, slot, (int) Math.min(slots - slot, SLOTS_AT_ONCE));
                int end = 0;
                for (int i = 0; i < bytes.length; i += RecordCodec.SIZE) {
                    byte[] one =
                            whole(in, slot + i / RecordCodec.SIZE, Arrays.copyOfRange(bytes, i, i + RecordCodec.SIZE));
                    if (RecordCodec.whole(one)
                            .filter(kept -> !wanted.test(kept.record()))
                            .isPresent()) {
                        one = EMPTY;
                        left++;
                    }
                    System.arraycopy(one, 0, bytes, i, RecordCodec.SIZE);
                    end = Arrays.equals(one, EMPTY) ? end : i + RecordCodec.SIZE;
                }
                if (end == 0) {
                    empty += bytes.length;
                    continue;
                }
                for (; empty > 0; empty -= RecordCodec.SIZE) {
                    sha256.update(EMPTY);
                    out.write(ByteBuffer.wrap(EMPTY));
                    size += RecordCodec.SIZE;
                }
                sha256.update(bytes, 0, end);
                out.write(ByteBuffer.wrap(bytes, 0, end));
                size += end;
                empty = (long) bytes.length - end;
            }
            out.sync();
        }
        return new Result(Digest.ofBytes(sha256.digest()), size, left);
    }

    private static byte[] whole(FileChannel in, long slot, byte[] seen) throws IOException {
        byte[] bytes = seen;
        for (int look = 0; look < LOOKS && RecordCodec.state(bytes) == RecordCodec.State.DAMAGED; look++) {
            bytes = SegmentFile.read(in, slot, 1);
        }
        return bytes;
    }

    /** Whether the result holds no slot at all. */
    public static boolean isEmpty(Result result) {
        return result.size() <= Segment.HEADER;
    }

    /** Checks every record of a copy. */
    public static PredictionLog.SegmentCheck check(Disk disk, Path file, int number) throws IOException {
        return SegmentFile.check(disk, file, number);
    }
}
