package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.blob.BlobCheck;
import io.modelward.store.blob.BlobReading;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that somebody or something changed behind the store's back. */
class DamagedBlobTest {

    private static final int PIECE = 128 * 1024;
    private static final int[] SIZES = {1, 2, 1000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 40 * PIECE + 17};
    private static final int CASES = 300;

    @TempDir
    Path directory;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory);
    }

    private Path file(Digest blob) {
        return directory
                .resolve("sha256")
                .resolve(blob.hex().substring(0, 2))
                .resolve(blob.hex().substring(2, 4))
                .resolve(blob.hex());
    }

    private static byte[] read(BlobReading reading) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (reading) {
            return copy(reading, out, Integer.MAX_VALUE);
        }
    }

    /** So many pieces, or all. */
    private static byte[] copy(BlobReading reading, ByteArrayOutputStream out, int pieces) throws IOException {
        while (!reading.prove()) {
            // Goes on until all is proved.
        }
        for (int i = 0; i < pieces; i++) {
            ByteBuffer piece = reading.next();
            if (piece == null) {
                break;
            }
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private void damage(Digest blob, Random random) throws IOException {
        Path file = file(blob);
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (random.nextInt(4)) {
                case 0 -> channel.truncate(random.nextLong(size));
                case 1 -> channel.write(ByteBuffer.wrap(new byte[] {7}), size);
                default -> {
                    long at = random.nextLong(size);
                    ByteBuffer one = ByteBuffer.allocate(1);
                    channel.read(one, at);
                    one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                    channel.write(one.flip(), at);
                }
            }
        }
    }

    private static boolean isDamaged(Throwable failure) {
        return failure instanceof ProblemException known && known.problem().type() == ProblemType.DAMAGED;
    }

    /** Reads a range and says whether it was refused; what is not refused must be right. */
    private boolean refused(Digest blob, byte[] content, int from, int length) throws IOException {
        try {
            byte[] got = read(store.open(blob, content.length, from, length));
            assertThat(got).isEqualTo(Arrays.copyOfRange(content, from, from + length));
            return false;
        } catch (ProblemException problem) {
            assertThat(isDamaged(problem)).as(problem.toString()).isTrue();
            return true;
        }
    }

    @Test
    void whatever_is_damaged_and_however_it_is_read_wrong_bytes_never_end_well_and_the_same_content_repairs()
            throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < CASES; i++) {
            byte[] content = BlobStoreSuite.random(SIZES[random.nextInt(SIZES.length)], i);
            Digest blob = BlobStoreSuite.put(store, content).digest();
            if (random.nextBoolean()) {
                int from = random.nextInt(content.length);
                assertThat(refused(blob, content, from, content.length - from)).isFalse();
            }
            damage(blob, random);
            for (int ask = 0; ask < 3; ask++) {
                int from = random.nextBoolean() ? 0 : random.nextInt(content.length + 1);
                int length = random.nextBoolean() ? content.length - from : random.nextInt(content.length - from + 1);
                refused(blob, content, from, length);
            }
            assertThat(refused(blob, content, 0, content.length)).isTrue();
            // Marked: not even the beginning goes out any more.
            assertThatThrownBy(() -> store.open(blob, content.length, 0, 1)).matches(DamagedBlobTest::isDamaged);
            assertThat(store.check(blob).state()).isEqualTo(BlobCheck.State.DAMAGED);

            assertThat(BlobStoreSuite.put(store, content).digest()).isEqualTo(blob);
            assertThat(store.check(blob).state()).isEqualTo(BlobCheck.State.INTACT);
            assertThat(refused(blob, content, 0, content.length)).isFalse();
            assertThat(refused(blob, content, content.length / 2, content.length / 3))
                    .isFalse();
        }
    }

    @Test
    void what_is_damaged_while_it_is_read_does_not_end_well() throws IOException {
        Random random = new Random(12);
        for (int i = 0; i < 60; i++) {
            byte[] content = BlobStoreSuite.random(40 * PIECE + 17, 1000 + i);
            Digest blob = BlobStoreSuite.put(store, content).digest();
            int from = random.nextInt(3) == 0 ? 0 : random.nextInt(PIECE);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (BlobReading reading = store.open(blob, content.length, from, content.length - from)) {
                copy(reading, out, random.nextInt(40));
                damage(blob, random);
                copy(reading, out, Integer.MAX_VALUE);
                assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(content, from, content.length));
            } catch (ProblemException problem) {
                assertThat(isDamaged(problem)).isTrue();
                assertThat(out.size()).isLessThan(content.length - from);
            }
        }
    }

    @Test
    void a_range_is_checked_also_where_the_disk_forgot_bits_and_the_file_looks_untouched() throws IOException {
        byte[] content = BlobStoreSuite.random(10 * PIECE, 5);
        Digest blob = BlobStoreSuite.put(store, content).digest();
        try (BlobReading proved = store.open(blob, content.length, 5, 3 * PIECE)) {
            copy(proved, new ByteArrayOutputStream(), 1);
            try (FileChannel channel = FileChannel.open(file(blob), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~content[2 * PIECE]}), 2L * PIECE);
            }
            // This reading saw the file before: only its own look at the bytes can tell.
            assertThatThrownBy(() -> copy(proved, new ByteArrayOutputStream(), Integer.MAX_VALUE))
                    .matches(DamagedBlobTest::isDamaged);
        }
    }

    @Test
    void a_mark_goes_away_when_the_file_itself_is_right_again() throws IOException {
        byte[] content = BlobStoreSuite.random(5000, 6);
        Digest blob = BlobStoreSuite.put(store, content).digest();
        Files.write(file(blob), new byte[5000]);
        assertThat(refused(blob, content, 0, 5000)).isTrue();
        Files.write(file(blob), content);
        assertThat(refused(blob, content, 0, 5000)).isFalse();
    }

    @Test
    void many_who_ask_for_ranges_share_one_proof() throws IOException {
        byte[] content = BlobStoreSuite.random(100 * PIECE, 8);
        Digest blob = BlobStoreSuite.put(store, content).digest();
        BlobReading first = store.open(blob, content.length, 1, 10);
        BlobReading second = store.open(blob, content.length, 2, 10);
        int turns = 0;
        try (first;
                second) {
            do {
                turns++;
            } while (!(turns % 2 == 0 ? first : second).prove());
        }
        assertThat(turns).isLessThanOrEqualTo(100 / 32 + 1);
    }

    @Test
    void what_is_stored_again_is_young_and_no_sweep_takes_it() throws Exception {
        byte[] content = BlobStoreSuite.random(100, 9);
        Digest blob = BlobStoreSuite.put(store, content).digest();
        Instant longAgo = Instant.now().minusSeconds(100_000);
        Files.setLastModifiedTime(file(blob), java.nio.file.attribute.FileTime.from(longAgo));
        Instant young = Instant.now().minusSeconds(50_000);
        BlobStoreSuite.put(store, content);
        assertThat(store.deleteIfOlder(blob, young)).isFalse();
        assertThat(store.size(blob)).hasValue(100);
        Files.setLastModifiedTime(file(blob), java.nio.file.attribute.FileTime.from(longAgo));
        assertThat(store.deleteIfOlder(blob, young)).isTrue();
        assertThatThrownBy(() -> store.open(blob, 100, 0, 100)).isInstanceOf(NoSuchFileException.class);
    }
}
