package io.modelward.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.format.ModelFormats;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

    private static final ArtifactPath PATH = ArtifactPath.parse("1/r/f");
    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private volatile boolean holding;
    private volatile boolean failing;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /** Holds one commit until others wait behind it, and lets the next one fail. */
    private void pass(String name) {
        if (!name.equals("catalog.before-commit")) {
            return;
        }
        if (holding) {
            holding = false;
            held.countDown();
            try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        } else if (failing) {
            failing = false;
            ScriptedFailpoints.parse(name + "=full").pass(name);
        }
    }

    @Test
    void a_sweep_beside_a_delete_whose_commit_fails_loses_nothing() throws Exception {
        DiskBlobStore blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        try (RerunCatalog catalog = RerunCatalog.open(directory.resolve("catalog"), this::pass)) {
            ArtifactService artifacts = new ArtifactService(
                    new Access(Authorizer.EVERYONE), catalog, blobs, Instant::now, ModelFormats.python());
            try (ArtifactUpload upload = artifacts.upload(PATH)) {
                upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                upload.finish();
            }
            holding = true;
            CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> catalog.write(tx -> true));
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            failing = true;
            CompletableFuture<Void> delete = CompletableFuture.runAsync(() -> artifacts.delete(PATH, ADA));
            TimeUnit.MILLISECONDS.sleep(200);
            CompletableFuture<Void> sweep = CompletableFuture.runAsync(() -> {
                try {
                    new Housekeeping(catalog, blobs, () -> Instant.now().plus(Duration.ofDays(2))).run();
                } catch (java.io.IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            TimeUnit.MILLISECONDS.sleep(200);
            go.countDown();
            first.get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> delete.get(10, TimeUnit.SECONDS)).hasMessageContaining("full");
            sweep.handle((done, failure) -> true).get(10, TimeUnit.SECONDS);
            assertThat(blobs.check(artifacts.get(PATH).sha256()).intact()).isTrue();
        }
    }
}
