package io.modelward.store.prediction;

import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import io.modelward.store.disk.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One file of records: a header of {@value #HEADER} bytes, then slots. All bytes exist on disk before the first record,
 * as real zeros: a write into a hole of a mapped file on a full disk would kill the process.
 */
final class Segment {

    static final int HEADER = 4096;
    private static final byte[] MAGIC = "MWPLOG1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 1 << 20;

    private final int number;
    private final int capacity;
    private final MappedFile file;
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private int synced;

    private Segment(int number, int capacity, MappedFile file) {
        this.number = number;
        this.capacity = capacity;
        this.file = file;
    }

    /** Makes a new segment whose name and zeros are durable when this returns. */
    static Segment create(Disk disk, Path directory, int number, int capacity) throws IOException {
        Path path = path(directory, number);
        long size = size(capacity);
        // A file that is there already belongs to somebody else and is not removed below.
        DiskFile created = disk.create(path);
        try {
            try (DiskFile file = created) {
                file.write(header(number, capacity));
                ByteBuffer zeros = ByteBuffer.allocate(CHUNK);
                for (long left = size - HEADER; left > 0; left -= zeros.capacity()) {
                    file.write(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
                }
                file.sync();
            }
            disk.syncDirectory(directory);
        } catch (IOException failure) {
            disk.delete(path);
            throw failure;
        }
        return new Segment(number, capacity, disk.map(path, size));
    }

    static Path path(Path directory, int number) {
        return directory.resolve("segment-%09d".formatted(number));
    }

    static long size(int capacity) {
        return HEADER + (long) capacity * RecordCodec.SIZE;
    }

    private static ByteBuffer header(int number, int capacity) {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putInt(RecordCodec.SIZE).putInt(capacity).putInt(number);
        return header.clear();
    }

    /** Whether these bytes are the header of that segment, of any capacity. */
    static boolean isHeader(ByteBuffer bytes, int number) {
        return bytes.remaining() == HEADER
                && bytes.equals(
                        header(number, bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(MAGIC.length + 4)));
    }

    int number() {
        return number;
    }

    /** The next free slot, or -1 when all are taken. */
    int claim() {
        if (claimed.get() >= capacity) {
            return -1;
        }
        int slot = claimed.getAndIncrement();
        return slot < capacity ? slot : -1;
    }

    boolean halfUsed() {
        return claimed.get() * 2L >= capacity;
    }

    void write(int slot, PredictionId id, DecisionRecord record) {
        RecordCodec.write(file.memory(), offset(slot), id, record);
        written.incrementAndGet();
    }

    PredictionLog.Found find(PredictionId id) {
        return id.slot() < capacity
                ? RecordCodec.read(file.memory(), offset(id.slot()), id)
                : PredictionLog.Found.ABSENT;
    }

    /**
     * Syncs every record written before the call; called by one thread. A slot that is claimed but not written yet
     * holds the mark back, so that its range is synced again.
     */
    void sync() throws IOException {
        int whole = written.get();
        int end = Math.min(claimed.get(), capacity);
        if (end > synced) {
            file.force(offset(synced), (long) (end - synced) * RecordCodec.SIZE);
            if (whole == end) {
                synced = end;
            }
        }
    }

    /**
     * Its records are read from the file from now on: a mapping that nobody needs would count as memory until the next
     * collection.
     */
    void close() {
        file.close();
    }

    /** Whether all slots are taken, written and synced. */
    boolean finished() {
        return synced == capacity;
    }

    static long offset(int slot) {
        return HEADER + (long) slot * RecordCodec.SIZE;
    }
}
