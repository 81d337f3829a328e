package io.modelward.store.prediction;

import io.modelward.store.disk.Disk;
import io.modelward.store.prediction.PredictionLog.SegmentCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is done to the file of a segment that takes no more records. */
final class SegmentFile {

    private static final int SLOTS_AT_ONCE = 1024;
    private static final byte[] EMPTY = new byte[RecordCodec.SIZE];

    private SegmentFile() {}

    /**
     * Shortens a file to its last slot that holds anything, and removes a file that holds nothing. A full one is known
     * by its last slot, so that a start does not read all that was ever kept.
     */
    static void trim(Disk disk, Path path) throws IOException {
        long size = Files.size(path);
        long end = end(disk, path, Math.max(0, (size - Segment.HEADER) / RecordCodec.SIZE));
        if (end == 0) {
            disk.delete(path);
        } else if (Segment.HEADER + end * RecordCodec.SIZE < size) {
            disk.shorten(path, Segment.HEADER + end * RecordCodec.SIZE);
        }
    }

    /** How many slots there are up to the last one that holds anything. */
    private static long end(Disk disk, Path path, long slots) throws IOException {
        try (FileChannel channel = disk.read(path)) {
            // The last slot alone first.
            for (long end = slots, count = 1; end > 0; end -= count, count = Math.min(end, SLOTS_AT_ONCE)) {
                byte[] bytes = read(channel, end - count, (int) count);
                for (int i = bytes.length - RecordCodec.SIZE; i >= 0; i -= RecordCodec.SIZE) {
                    if (!Arrays.equals(bytes, i, i + RecordCodec.SIZE, EMPTY, 0, RecordCodec.SIZE)) {
                        return end - count + i / RecordCodec.SIZE + 1;
                    }
                }
            }
            return 0;
        }
    }

    /** Looks at every slot. */
    static SegmentCheck check(Disk disk, Path path, int number) throws IOException {
        List<Integer> damaged = new ArrayList<>();
        long records = 0;
        try (FileChannel channel = disk.read(path)) {
            if (!Segment.isHeader(header(channel), number)) {
                damaged.add(-1);
            }
            long slots = (channel.size() - Segment.HEADER) / RecordCodec.SIZE;
            for (long from = 0; from < slots; from += SLOTS_AT_ONCE) {
                byte[] bytes = read(channel, from, (int) Math.min(slots - from, SLOTS_AT_ONCE));
                for (int i = 0; i < bytes.length; i += RecordCodec.SIZE) {
                    switch (RecordCodec.state(Arrays.copyOfRange(bytes, i, i + RecordCodec.SIZE))) {
                        case WHOLE -> records++;
                        case DAMAGED -> damaged.add((int) from + i / RecordCodec.SIZE);
                        case UNFINISHED -> {}
                    }
                }
            }
            return new SegmentCheck(number, records, channel.size(), damaged);
        }
    }

    /** How old the newest record is. Looks at every slot: a clock that was set back leaves times out of order. */
    static PredictionLog.OldSegment age(Disk disk, Path path, int number) throws IOException {
        Instant newest = Instant.MIN;
        long records = 0;
        try (FileChannel channel = disk.read(path)) {
            long slots = (channel.size() - Segment.HEADER) / RecordCodec.SIZE;
            for (long from = 0; from < slots; from += SLOTS_AT_ONCE) {
                byte[] bytes = read(channel, from, (int) Math.min(slots - from, SLOTS_AT_ONCE));
                for (int i = 0; i < bytes.length; i += RecordCodec.SIZE) {
                    Optional<PredictionLog.KeptRecord> kept =
                            RecordCodec.whole(Arrays.copyOfRange(bytes, i, i + RecordCodec.SIZE));
                    if (kept.isPresent()) {
                        Instant time = kept.get().record().time();
                        newest = time.isAfter(newest) ? time : newest;
                        records++;
                    }
                }
            }
            return new PredictionLog.OldSegment(
                    number, records, channel.size(), records == 0 ? Optional.empty() : Optional.of(newest));
        }
    }

    private static ByteBuffer header(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Segment.HEADER);
        while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
            // Reads on until the end.
        }
        return header.flip();
    }

    /** The bytes of slots. */
    static byte[] read(FileChannel channel, long slot, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * RecordCodec.SIZE);
        long at = Segment.offset((int) slot);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return bytes.array();
    }
}
