package io.modelward.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loses power at every single step of storing blobs, in every way a file system may forget. Leaving out the file's sync
 * makes a torn blob visible; leaving out a directory's sync loses an acknowledged one.
 */
class BlobPowerLossTest {

    @TempDir
    Path directory;

    @Test
    void after_any_power_loss_acknowledged_blobs_are_there_and_visible_ones_are_whole() throws IOException {
        int steps = 0;
        for (int lossAt = 1; ; lossAt++) {
            Path root = directory.resolve("run" + lossAt).resolve("blobs");
            Files.createDirectories(root.getParent());
            CrashingDisk disk = new CrashingDisk(lossAt);
            List<Digest> acknowledged = new ArrayList<>();
            try {
                DiskBlobStore store = new DiskBlobStore(disk, root);
                for (int i = 0; i < 3; i++) {
                    acknowledged.add(store(store, i));
                }
                acknowledged.add(store(store, 1));
            } catch (CrashingDisk.PowerLoss lost) {
                steps = lossAt;
            }
            for (CrashingDisk.Survival survival : CrashingDisk.Survival.values()) {
                Path left = directory.resolve("left" + lossAt + survival);
                disk.surviving(root, left, survival);
                check(left, acknowledged, "power loss at step " + lossAt + ", " + survival);
            }
            if (!disk.lost()) {
                break;
            }
        }
        assertThat(steps).as("steps at which power was lost").isGreaterThan(25);
    }

    private static Digest store(BlobStore store, int seed) throws IOException {
        byte[] content = new byte[3000];
        new Random(seed).nextBytes(content);
        try (BlobWriter writer = store.writer()) {
            writer.write(ByteBuffer.wrap(content, 0, 1000));
            writer.write(ByteBuffer.wrap(content, 1000, 2000));
            return writer.commit().digest();
        }
    }

    private static void check(Path left, List<Digest> acknowledged, String when) throws IOException {
        DiskBlobStore store = new DiskBlobStore(new LocalDisk(Failpoints.NONE), left);
        for (Digest blob : acknowledged) {
            assertThat(store.check(blob).intact())
                    .as("acknowledged blob after " + when)
                    .isTrue();
        }
        try (Stream<Digest> visible = store.list(Instant.now().plusSeconds(60))) {
            for (Digest blob : visible.toList()) {
                assertThat(store.check(blob).intact())
                        .as("visible blob after " + when)
                        .isTrue();
            }
        }
        try (Stream<Path> incoming = Files.list(left.resolve("incoming"))) {
            assertThat(incoming).as("unfinished uploads after " + when).isEmpty();
        }
    }
}
