package io.modelward.store.prediction;

import io.modelward.core.prediction.RecordPlace;
import io.modelward.store.disk.Disk;
import io.modelward.store.prediction.PredictionLog.KeptRecord;
import io.modelward.store.prediction.PredictionLog.Look;
import io.modelward.store.prediction.PredictionLog.RecordQuery;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A look through the files of records from the newest record to the oldest, a piece at a time. Files and slots are in
 * the order in which requests came; their times are so but for what a request waits, and what a clock is set back.
 */
final class RecordLook {

    private static final int SLOTS_AT_ONCE = 1024;
    /** Slots that one look reads at most: 64 MiB. */
    private static final int MOST_SLOTS = 1 << 18;
    /** How much later a record may come than one with a later time. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private final Disk disk;
    private final Path directory;
    private final RecordQuery wanted;
    private final int most;
    private final List<KeptRecord> found = new ArrayList<>();
    private int read;

    RecordLook(Disk disk, Path directory, RecordQuery wanted, int most) {
        this.disk = disk;
        this.directory = directory;
        this.wanted = wanted;
        this.most = most;
    }

    /** @param segments the numbers of all files, ascending */
    Look at(List<Integer> segments, Optional<RecordPlace> before) throws IOException {
        for (int segment : segments.reversed()) {
            if (before.isPresent() && segment > before.get().segment()) {
                continue;
            }
            int end = before.filter(place -> place.segment() == segment)
                    .map(RecordPlace::slot)
                    .orElse(Integer.MAX_VALUE);
            Optional<Look> ended = within(segment, end);
            if (ended.isPresent()) {
                return ended.get();
            }
        }
        return new Look(found, Optional.empty());
    }

    /** Empty when the look goes on with the file before. */
    private Optional<Look> within(int segment, int end) throws IOException {
        try (FileChannel channel = disk.read(Segment.path(directory, segment))) {
            long slots = Math.min(end, (channel.size() - Segment.HEADER) / RecordCodec.SIZE);
            if (slots > 0 && beginsTooLate(channel)) {
                read++;
                return Optional.empty();
            }
            while (slots > 0) {
                int count = (int) Math.min(slots, SLOTS_AT_ONCE);
                byte[] bytes = SegmentFile.read(channel, slots - count, count);
                read += count;
                for (int i = count - 1; i >= 0; i--) {
                    Optional<KeptRecord> kept = RecordCodec.whole(
                            Arrays.copyOfRange(bytes, i * RecordCodec.SIZE, (i + 1) * RecordCodec.SIZE));
                    if (kept.isEmpty()) {
                        continue;
                    }
                    Instant time = kept.get().record().time();
                    if (time.isBefore(wanted.since().minus(DISORDER))) {
                        return Optional.of(new Look(found, Optional.empty()));
                    }
                    if (matches(kept.get(), time)) {
                        found.add(kept.get());
                        if (found.size() == most) {
                            return Optional.of(pausedAt(segment, slots - count + i));
                        }
                    }
                }
                slots -= count;
                if (read >= MOST_SLOTS) {
                    return Optional.of(pausedAt(segment, slots));
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    private Look pausedAt(int segment, long slot) {
        return new Look(found, Optional.of(new RecordPlace(segment, (int) slot)));
    }

    private boolean matches(KeptRecord kept, Instant time) {
        return !time.isBefore(wanted.since())
                && time.isBefore(wanted.until())
                && wanted.matches().test(kept.record());
    }

    /** Whether the first record of a file is so late that all of its records are too late. */
    private boolean beginsTooLate(FileChannel channel) throws IOException {
        return RecordCodec.whole(SegmentFile.read(channel, 0, 1))
                .filter(first -> first.record().time().minus(DISORDER).isAfter(wanted.until()))
                .isPresent();
    }
}
