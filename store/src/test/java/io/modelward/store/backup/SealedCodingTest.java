package io.modelward.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.backup.BackupKey;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedCodingTest {

    private static final int START = 40;
    private static final int SEALED_PIECE = SealedCoding.PIECE + 16;

    @TempDir
    Path directory;

    private final Disk disk = new LocalDisk(Failpoints.NONE);
    private final Random random = new Random(7);
    private final BackupCoding coding = new SealedCoding(key(1));

    private static BackupKey key(int first) {
        byte[] secret = new byte[BackupKey.BYTES];
        secret[0] = (byte) first;
        return BackupKey.of(secret);
    }

    private byte[] content(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return content;
    }

    private byte[] seal(String name, byte[] content) throws IOException {
        Path file = directory.resolve("file");
        Files.deleteIfExists(file);
        try (DiskFile out = coding.writing(disk.create(file), name)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), 1 + random.nextInt(2 * SealedCoding.PIECE));
                out.write(bytes.slice().limit(count));
                bytes.position(bytes.position() + count);
            }
            out.sync();
        }
        return Files.readAllBytes(file);
    }

    private byte[] open(BackupCoding with, String name, byte[] sealed) throws IOException {
        Path file = Files.write(directory.resolve("read"), sealed);
        try (InputStream in = Channels.newInputStream(with.reading(disk.read(file), name))) {
            return in.readAllBytes();
        }
    }

    private void broken(String what, byte[] sealed) {
        assertThatThrownBy(() -> open(coding, "a", sealed)).as(what).isInstanceOf(SealBroken.class);
    }

    @Test
    void content_of_every_size_comes_back_and_takes_the_room_that_is_told() throws Exception {
        int piece = SealedCoding.PIECE;
        for (int size : new int[] {0, 1, 100, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 5, 3 * piece - 1}) {
            byte[] content = content(size);
            byte[] sealed = seal("a", content);
            assertThat(open(coding, "a", sealed)).as("size " + size).isEqualTo(content);
            assertThat((long) sealed.length).as("size " + size).isEqualTo(coding.size(size));
        }
    }

    @Test
    void a_file_opens_under_its_own_name_and_key_only_and_is_never_sealed_alike() throws Exception {
        byte[] content = content(100);
        byte[] sealed = seal("blobs/a", content);
        assertThatThrownBy(() -> open(coding, "blobs/b", sealed)).isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> open(new SealedCoding(key(2)), "blobs/a", sealed))
                .isInstanceOf(SealBroken.class);
        assertThat(open(new SealedCoding(key(1)), "blobs/a", sealed)).isEqualTo(content);
        assertThat(seal("blobs/a", content)).isNotEqualTo(sealed);
    }

    @Test
    void every_change_of_a_byte_is_found() throws Exception {
        byte[] sealed = seal("a", content(50));
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 0x40;
            broken("byte " + at, changed);
        }
    }

    @Test
    void pieces_that_are_missing_moved_added_or_of_another_file_are_found() throws Exception {
        byte[] sealed = seal("a", content(3 * SealedCoding.PIECE));
        assertThat(sealed).hasSize(START + 3 * SEALED_PIECE);
        for (int end : new int[] {
            0, 7, START - 1, START, START + 15, START + SEALED_PIECE, START + 2 * SEALED_PIECE, sealed.length - 1
        }) {
            broken("cut to " + end, Arrays.copyOf(sealed, end));
        }
        broken("longer", Arrays.copyOf(sealed, sealed.length + 1));
        byte[] twice = Arrays.copyOf(sealed, sealed.length + SEALED_PIECE);
        System.arraycopy(sealed, START + 2 * SEALED_PIECE, twice, sealed.length, SEALED_PIECE);
        broken("the last piece twice", twice);
        byte[] moved = sealed.clone();
        System.arraycopy(sealed, START, moved, START + SEALED_PIECE, SEALED_PIECE);
        System.arraycopy(sealed, START + SEALED_PIECE, moved, START, SEALED_PIECE);
        broken("moved", moved);
        byte[] left = new byte[sealed.length - SEALED_PIECE];
        System.arraycopy(sealed, 0, left, 0, START);
        System.arraycopy(sealed, START + SEALED_PIECE, left, START, 2 * SEALED_PIECE);
        broken("the first piece left out", left);
        byte[] other = seal("a", content(3 * SealedCoding.PIECE));
        byte[] mixed = sealed.clone();
        System.arraycopy(other, START, mixed, START, SEALED_PIECE);
        broken("a piece of another file", mixed);
    }

    /** The bytes of the format, made by the description in the guide to backups with another program. */
    @Test
    void a_file_that_follows_the_description_opens() throws Exception {
        byte[] sealed = HexFormat.of().parseHex(SEALED_ELSEWHERE);
        assertThat(new String(
                        open(new SealedCoding(key(1)), "blobs/a", sealed), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("hello");
    }

    private static final String SEALED_ELSEWHERE =
            "4d575345414c310a000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fb98fb28214a6fc3b6e31939651a648cdf4991060c8";
}
