package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.prediction.PredictionId;
import io.modelward.store.disk.CrashingDisk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentPredictionLogTest extends PredictionLogSuite {

    private static final int CAPACITY = 4096;

    @TempDir
    Path directory;

    @Override
    protected PredictionLog open() throws IOException {
        return open(Failpoints.NONE, CAPACITY);
    }

    private PredictionLog open(Failpoints failpoints, int capacity) throws IOException {
        return new SegmentPredictionLog(
                new LocalDisk(failpoints), directory.resolve("log"), capacity, InstantSource.system());
    }

    @Test
    void goes_on_in_the_next_segment_when_one_is_full() throws Exception {
        List<PredictionId> ids = new ArrayList<>();
        try (PredictionLog log = open(Failpoints.NONE, 64)) {
            for (int i = 0; i < 1000; i++) {
                PredictionLog.Claim claim = log.claim();
                if (!claim.kept()) {
                    TimeUnit.MILLISECONDS.sleep(30);
                    continue;
                }
                claim.write(record(i));
                ids.add(claim.id());
            }
            assertThat(log.status().segments()).isGreaterThan(10);
            assertThat(ids).allMatch(id -> log.find(id).record().isPresent());
        }
    }

    @Test
    void a_full_disk_loses_records_and_counts_them_and_recovers() throws Exception {
        boolean[] full = {true};
        Failpoints filling = name -> {
            if (full[0] && name.equals("disk.write")) {
                ScriptedFailpoints.parse("disk.write=full").pass(name);
            }
        };
        try (PredictionLog log = open(filling, 64)) {
            PredictionLog.Claim lost = log.claim();
            lost.write(record(1));
            assertThat(lost.kept()).isFalse();
            assertThat(log.find(lost.id()).record()).isEmpty();
            assertThat(log.status().lost()).isEqualTo(1);
            full[0] = false;
            PredictionLog.Claim next = log.claim();
            for (int i = 0; i < 300 && !next.kept(); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
                next = log.claim();
            }
            assertThat(next.kept()).isTrue();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            return files.sorted().toList();
        }
    }

    private static void flip(Path path, long at, int bit) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int one = file.read();
            file.seek(at);
            file.write(one ^ 1 << bit);
        }
    }

    @Test
    void a_record_with_a_flipped_bit_is_not_believed_is_told_from_one_that_never_was_and_is_named() throws Exception {
        Random random = new Random(13);
        List<PredictionId> ids = new ArrayList<>();
        try (PredictionLog log = open()) {
            for (int i = 0; i < 60; i++) {
                ids.add(write(log, i));
            }
        }
        List<Integer> damaged = new ArrayList<>();
        for (int slot = 0; slot < 60; slot += 1 + random.nextInt(4)) {
            flip(files().getFirst(), 4096 + 256L * slot + random.nextInt(256), random.nextInt(8));
            damaged.add(slot);
        }
        try (PredictionLog log = open()) {
            for (int slot = 0; slot < 60; slot++) {
                PredictionLog.Found found = log.find(ids.get(slot));
                assertThat(found.damaged()).isEqualTo(damaged.contains(slot));
                assertThat(found.record().isPresent()).isEqualTo(!damaged.contains(slot));
                assertThat(ids.get(slot).place()).isEqualTo("segment 1, slot " + slot);
            }
            assertThat(log.find(new PredictionId(ids.get(0).high(), ids.get(0).low() + (60L << 10)))
                            .damaged())
                    .isFalse();
            assertThat(log.segments()).startsWith(1);
            PredictionLog.SegmentCheck check = log.check(1);
            assertThat(check.damaged()).isEqualTo(damaged);
            assertThat(check.records()).isEqualTo(60 - damaged.size());
        }
    }

    @Test
    void starts_after_crashes_leave_no_room_that_nothing_uses_and_every_record_is_found() throws Exception {
        Random random = new Random(16);
        List<PredictionId> ids = new ArrayList<>();
        for (int start = 0; start < 40; start++) {
            Path killed = directory.resolve("killed" + start);
            try (PredictionLog log = open(Failpoints.NONE, 256)) {
                for (int i = random.nextInt(3) * random.nextInt(100); i > 0; i--) {
                    PredictionLog.Claim claim = log.claim();
                    if (claim.kept() && random.nextInt(5) > 0) {
                        claim.write(record(i));
                        ids.add(claim.id());
                    }
                }
                // What a killed process leaves is what its files hold at this moment.
                Files.createDirectories(killed);
                for (Path file : files()) {
                    copy(file, killed.resolve(file.getFileName().toString()));
                }
            }
            for (Path file : files()) {
                Files.delete(file);
            }
            Files.delete(directory.resolve("log"));
            Files.move(killed, directory.resolve("log"));
        }
        try (PredictionLog log = open(Failpoints.NONE, 256)) {
            assertThat(ids).isNotEmpty().allMatch(id -> log.find(id).record().isPresent());
            long bytes = 0;
            for (Path file : files()) {
                bytes += Files.size(file);
            }
            // A header for each file that holds records, at most twice the slots that hold some, and the segment in
            // use.
            long used = 40 * 4096L + ids.size() * 2L * 256L + 4096 + 256 * 256L;
            assertThat(bytes).isLessThan(used);
            assertThat(log.segments())
                    .allMatch(segment -> log.check(segment).damaged().isEmpty());
        }
    }

    /** One that is being made may be removed again meanwhile. */
    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException removed) {
            assertThat(from).doesNotExist();
        }
    }

    @Test
    void a_start_succeeds_beside_files_of_any_length() throws Exception {
        Path log = Files.createDirectories(directory.resolve("log"));
        int[] sizes = {0, 1, 4095, 4096, 4097, 4096 + 255, 4096 + 256, 4096 + 1000};
        for (int i = 0; i < sizes.length; i++) {
            byte[] content = new byte[sizes[i]];
            java.util.Arrays.fill(content, (byte) (i % 2));
            Files.write(log.resolve("segment-%09d".formatted(i + 1)), content);
        }
        try (PredictionLog opened = open()) {
            assertThat(opened.find(write(opened, 1)).record()).contains(record(1));
            opened.segments().forEach(opened::check);
        }
    }

    @Test
    void what_was_synced_survives_a_power_loss() throws Exception {
        CrashingDisk disk = new CrashingDisk(Integer.MAX_VALUE);
        Path root = directory.resolve("powered");
        Files.createDirectories(root);
        List<PredictionId> ids = new ArrayList<>();
        try (PredictionLog log = new SegmentPredictionLog(disk, root.resolve("log"), 256, InstantSource.system())) {
            for (int i = 0; i < 100; i++) {
                ids.add(write(log, i));
            }
            // Many times the period at which records are synced.
            TimeUnit.MILLISECONDS.sleep(500);
            Path left = directory.resolve("left");
            disk.surviving(root, left, CrashingDisk.Survival.ONLY_SYNCED);
            try (PredictionLog after = new SegmentPredictionLog(
                    new LocalDisk(Failpoints.NONE), left.resolve("log"), 256, InstantSource.system())) {
                assertThat(ids).allMatch(id -> after.find(id).record().isPresent());
            }
        }
    }

    @Test
    void a_power_loss_at_any_step_of_the_start_does_not_stop_the_next_one() throws Exception {
        int losses = 0;
        for (int lossAt = 1; lossAt < 40; lossAt++) {
            Path root = directory.resolve("run" + lossAt);
            Files.createDirectories(root);
            CrashingDisk disk = new CrashingDisk(lossAt);
            try {
                new SegmentPredictionLog(disk, root.resolve("log"), 64, InstantSource.system()).close();
            } catch (CrashingDisk.PowerLoss lost) {
                losses++;
            }
            for (CrashingDisk.Survival survival : CrashingDisk.Survival.values()) {
                Path left = directory.resolve("left" + lossAt + survival);
                disk.surviving(root, left, survival);
                try (PredictionLog log = new SegmentPredictionLog(
                        new LocalDisk(Failpoints.NONE), left.resolve("log"), 64, InstantSource.system())) {
                    PredictionId id = write(log, 9);
                    assertThat(log.find(id).record()).contains(record(9));
                }
            }
        }
        assertThat(losses).as("steps at which power was lost").isGreaterThan(5);
    }
}
