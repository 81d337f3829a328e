package io.modelward.store.prediction;

import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.prediction.PredictionLogStatus;
import io.modelward.core.prediction.RecordPlace;
import io.modelward.store.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decision records in memory-mapped files. A request claims a slot with one atomic increment and writes 256 bytes; a
 * thread of its own syncs what is new every {@value #SYNC_MILLIS} ms and prepares the next file when the current one is
 * half used. Each start begins a new segment: what a crash left in the old one is never written over, and the room that
 * it did not use is given back.
 */
public final class SegmentPredictionLog implements PredictionLog {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPredictionLog.class);
    static final int SYNC_MILLIS = 10;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final Path directory;
    private final int capacity;
    private final InstantSource clock;
    private final int replica = ThreadLocalRandom.current().nextInt(1 << 12);
    private final LongAdder kept = new LongAdder();
    private final LongAdder lost = new LongAdder();
    /** Those not finished yet, in order of their numbers; the last may be the spare. */
    private final CopyOnWriteArrayList<Segment> open = new CopyOnWriteArrayList<>();

    private final Thread keeper;
    private volatile @Nullable Segment current;
    private volatile @Nullable Segment spare;
    private volatile boolean closed;
    private int lastNumber;
    private long retryAt = System.nanoTime();

    /**
     * Opens the log and prepares its first segment. A full disk does not stop the start: records are lost and counted
     * until there is room.
     *
     * @param capacity records per segment, 1 to 2^24
     */
    public SegmentPredictionLog(Disk disk, Path directory, int capacity, InstantSource clock) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.capacity = capacity;
        this.clock = clock;
        disk.createDirectories(directory);
        for (int number : numbers().toArray()) {
            trim(number);
        }
        this.lastNumber = numbers().max().orElse(0);
        prepareSpare();
        keeper = Thread.ofPlatform().name("prediction-log").start(this::keep);
    }

    /** What an earlier process made room for and did not use is given back. A start succeeds whatever it finds. */
    private void trim(int number) {
        try {
            SegmentFile.trim(disk, Segment.path(directory, number));
        } catch (IOException failure) {
            LOG.warn("prediction segment {} could not be shortened to what it holds: {}", number, failure.toString());
        }
    }

    @Override
    public Claim claim() {
        long millis = clock.millis();
        int random = ThreadLocalRandom.current().nextInt(1 << 10);
        for (Segment segment = current; segment != null; segment = next(segment)) {
            int slot = segment.claim();
            if (slot >= 0) {
                return new Place(segment, PredictionId.of(millis, replica, segment.number(), slot, random));
            }
        }
        lost.increment();
        return new Place(
                null,
                PredictionId.of(millis, replica, 0, ThreadLocalRandom.current().nextInt(1 << 24), random));
    }

    /** The segment after a full one, or null when none is ready. */
    private synchronized @Nullable Segment next(Segment full) {
        if (current == full) {
            current = spare;
            spare = null;
        }
        return current;
    }

    @Override
    public Found find(PredictionId id) {
        for (Segment segment : open) {
            if (segment.number() == id.segment()) {
                try {
                    return segment.find(id);
                } catch (IllegalStateException closedMeanwhile) {
                    break;
                }
            }
        }
        try (FileChannel channel = disk.read(Segment.path(directory, id.segment()))) {
            ByteBuffer bytes = ByteBuffer.allocate(RecordCodec.SIZE);
            long at = Segment.offset(id.slot());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, at + bytes.position()) < 0) {
                    return Found.ABSENT;
                }
            }
            return RecordCodec.read(MemorySegment.ofBuffer(bytes.flip()), 0, id);
        } catch (NoSuchFileException unknown) {
            return Found.ABSENT;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Look look(Optional<RecordPlace> before, RecordQuery wanted, int most) {
        try {
            return new RecordLook(disk, directory, wanted, most).at(segments(), before);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public List<Integer> segments() {
        try {
            return numbers().boxed().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public boolean isSealed(int segment) {
        // One that is being made is known by a name that is higher than those of all others.
        return open.stream().noneMatch(one -> one.number() == segment)
                && open.stream().anyMatch(one -> one.number() > segment);
    }

    @Override
    public SegmentCheck check(int segment) {
        try {
            return SegmentFile.check(disk, Segment.path(directory, segment), segment);
        } catch (NoSuchFileException removedMeanwhile) {
            return new SegmentCheck(segment, 0, 0, List.of());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public List<OldSegment> olderThan(Instant time, int most) {
        List<Integer> sealed = segments().stream().filter(this::isSealed).toList();
        List<OldSegment> old = new ArrayList<>();
        // Files none of whose records can be read go with the next one that can be read.
        List<OldSegment> unread = new ArrayList<>();
        try {
            for (int segment : sealed.subList(0, Math.max(0, sealed.size() - 1))) {
                OldSegment one = SegmentFile.age(disk, Segment.path(directory, segment), segment);
                unread.add(one);
                if (one.newest().isPresent()) {
                    if (!one.newest().get().isBefore(time) || old.size() + unread.size() > most) {
                        break;
                    }
                    old.addAll(unread);
                    unread.clear();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return old;
    }

    @Override
    public void remove(int segment) throws IOException {
        if (!isSealed(segment)) {
            throw new IllegalArgumentException("segment " + segment + " takes records");
        }
        disk.delete(Segment.path(directory, segment));
    }

    @Override
    public PredictionLogStatus status() {
        try {
            return new PredictionLogStatus(
                    kept.sum(), lost.sum(), (int) numbers().count(), SYNC_MILLIS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private java.util.stream.IntStream numbers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("segment-[0-9]{9}"))
                    .mapToInt(name -> Integer.parseInt(name.substring("segment-".length())))
                    .sorted()
                    .boxed()
                    .toList()
                    .stream()
                    .mapToInt(Integer::intValue);
        }
    }

    private void keep() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(SYNC_MILLIS);
            } catch (InterruptedException interrupted) {
                return;
            }
            syncAll();
            Segment segment = current;
            if (spare == null && (segment == null || segment.halfUsed()) && System.nanoTime() - retryAt >= 0) {
                prepareSpare();
            }
        }
    }

    private void syncAll() {
        for (Segment segment : open) {
            try {
                segment.sync();
                if (segment.finished()) {
                    open.remove(segment);
                    segment.close();
                }
            } catch (IOException failure) {
                // Its pages may be lost; what comes next goes to another file.
                LOG.error(
                        "prediction segment {} could not be synced; it takes no more records",
                        segment.number(),
                        failure);
                open.remove(segment);
                next(segment);
            }
        }
    }

    private void prepareSpare() {
        try {
            Segment segment = Segment.create(disk, directory, lastNumber + 1, capacity);
            lastNumber++;
            open.add(segment);
            synchronized (this) {
                if (current == null) {
                    current = segment;
                } else {
                    spare = segment;
                }
            }
        } catch (IOException failure) {
            retryAt = System.nanoTime() + RETRY_NANOS;
            LOG.warn(
                    "no new prediction segment could be made; predictions go on, their records may be lost: {}",
                    failure.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            keeper.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        syncAll();
    }

    private final class Place implements Claim {
        private final @Nullable Segment segment;
        private final PredictionId id;

        private Place(@Nullable Segment segment, PredictionId id) {
            this.segment = segment;
            this.id = id;
        }

        @Override
        public PredictionId id() {
            return id;
        }

        @Override
        public boolean kept() {
            return segment != null;
        }

        @Override
        public void write(DecisionRecord record) {
            if (segment != null) {
                segment.write(id.slot(), id, record);
                kept.increment();
            }
        }
    }
}
