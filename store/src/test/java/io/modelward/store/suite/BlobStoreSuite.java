package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobCheck;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every blob store does. A store's test extends it by a few lines. */
public abstract class BlobStoreSuite {

    /** An empty store. */
    protected abstract BlobStore store() throws IOException;

    /** Changes one stored byte behind the store's back. */
    protected abstract void damage(Digest blob) throws IOException;

    // Later than whatever the suite stores.
    @SuppressWarnings("TimeInStaticInitializer")
    private static final Instant FUTURE = Instant.now().plusSeconds(3600);

    protected static BlobWriter.Stored put(BlobStore store, byte[] content) throws IOException {
        try (BlobWriter writer = store.writer()) {
            writer.write(ByteBuffer.wrap(content));
            return writer.commit();
        }
    }

    protected static byte[] random(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static List<Digest> all(BlobStore store) throws IOException {
        try (Stream<Digest> blobs = store.list(FUTURE)) {
            return blobs.toList();
        }
    }

    @Test
    void what_is_committed_is_read_back() throws IOException {
        BlobStore store = store();
        for (int size : new int[] {0, 1, 4095, 4096, 300_000}) {
            byte[] content = random(size, size);
            BlobWriter.Stored stored = put(store, content);
            assertThat(stored).isEqualTo(new BlobWriter.Stored(Digest.of(content), size));
            assertThat(store.size(stored.digest())).hasValue(size);
            try (InputStream in = store.read(stored.digest())) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(store.check(stored.digest())).isEqualTo(new BlobCheck(BlobCheck.State.INTACT, size));
        }
    }

    @Test
    void what_is_not_committed_is_not_there() throws IOException {
        BlobStore store = store();
        byte[] content = random(10_000, 1);
        try (BlobWriter writer = store.writer()) {
            writer.write(ByteBuffer.wrap(content));
            assertThat(writer.digest()).isEqualTo(Digest.of(content));
        }
        assertThat(store.size(Digest.of(content))).isEmpty();
        assertThat(all(store)).isEmpty();
    }

    @Test
    void the_same_bytes_are_stored_once() throws IOException {
        BlobStore store = store();
        Digest first = put(store, random(5000, 2)).digest();
        assertThat(put(store, random(5000, 2)).digest()).isEqualTo(first);
        assertThat(all(store)).containsExactly(first);
    }

    @Test
    void many_writers_of_the_same_bytes_all_succeed() throws IOException {
        BlobStore store = store();
        List<CompletableFuture<Digest>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            writers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return put(store, random(50_000, 3)).digest();
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            }));
        }
        assertThat(writers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(all(store)).hasSize(1);
    }

    @Test
    void any_range_is_read() throws IOException {
        BlobStore store = store();
        byte[] content = random(10_000, 4);
        Digest blob = put(store, content).digest();
        for (int[] range : new int[][] {{0, 0}, {0, 1}, {0, 10_000}, {9_999, 1}, {10_000, 0}, {123, 4_567}}) {
            try (InputStream in = store.read(blob, range[0], range[1])) {
                assertThat(in.readAllBytes())
                        .isEqualTo(java.util.Arrays.copyOfRange(content, range[0], range[0] + range[1]));
            }
        }
        assertThatThrownBy(() -> store.read(blob, 1, 10_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(blob, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void one_flipped_byte_is_found() throws IOException {
        BlobStore store = store();
        Digest whole = put(store, random(70_000, 5)).digest();
        Digest hurt = put(store, random(70_000, 6)).digest();
        damage(hurt);
        assertThat(store.check(whole).intact()).isTrue();
        assertThat(store.check(hurt).state()).isEqualTo(BlobCheck.State.DAMAGED);
    }

    @Test
    void an_absent_blob_is_told_from_a_damaged_one() throws IOException {
        BlobStore store = store();
        Digest absent = Digest.of("absent".getBytes(StandardCharsets.UTF_8));
        assertThat(store.size(absent)).isEmpty();
        assertThat(store.check(absent).state()).isEqualTo(BlobCheck.State.MISSING);
        assertThatThrownBy(() -> store.read(absent)).isInstanceOf(NoSuchFileException.class);
        store.delete(absent);
    }

    @Test
    void a_deleted_blob_is_gone_and_may_come_back() throws IOException {
        BlobStore store = store();
        Digest blob = put(store, random(100, 7)).digest();
        store.delete(blob);
        assertThat(store.size(blob)).isEmpty();
        assertThat(put(store, random(100, 7)).digest()).isEqualTo(blob);
        assertThat(store.size(blob)).hasValue(100);
    }

    @Test
    void only_old_blobs_are_listed_for_sweeping() throws IOException {
        BlobStore store = store();
        put(store, random(100, 8));
        try (Stream<Digest> old = store.list(Instant.now().minusSeconds(3600))) {
            assertThat(old).isEmpty();
        }
    }
}
