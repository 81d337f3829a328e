package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.store.disk.CrashingDisk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.prediction.PredictionId;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
            assertThat(log.stats().segments()).isGreaterThan(10);
            assertThat(ids).allMatch(id -> log.find(id).isPresent());
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
            assertThat(log.find(lost.id())).isEmpty();
            assertThat(log.stats().lost()).isEqualTo(1);
            full[0] = false;
            PredictionLog.Claim next = log.claim();
            for (int i = 0; i < 300 && !next.kept(); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
                next = log.claim();
            }
            assertThat(next.kept()).isTrue();
        }
    }

    @Test
    void a_record_with_a_flipped_bit_is_not_believed() throws Exception {
        PredictionId id;
        try (PredictionLog log = open()) {
            id = write(log, 5);
        }
        try (Stream<Path> files = Files.list(directory.resolve("log"));
                RandomAccessFile file =
                        new RandomAccessFile(files.findFirst().orElseThrow().toFile(), "rw")) {
            file.seek(4096 + 70);
            int one = file.read();
            file.seek(4096 + 70);
            file.write(one ^ 4);
        }
        try (PredictionLog log = open()) {
            assertThat(log.find(id)).isEmpty();
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
                assertThat(ids).allMatch(id -> after.find(id).isPresent());
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
                    assertThat(log.find(id)).contains(record(9));
                }
            }
        }
        assertThat(losses).as("steps at which power was lost").isGreaterThan(5);
    }
}
