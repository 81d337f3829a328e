package io.modelward.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsUploadsTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);
    private static final ArtifactPath PATH = ArtifactPath.parse("0/run/artifacts/model.pkl");

    @TempDir
    Path directory;

    private final Random random = new Random(7);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RerunCatalog catalog;
    /** What happens before the catalog writes. */
    private volatile Runnable beforeWrite = () -> {};
    /** Whether the disk takes no more bytes. */
    private volatile boolean full;

    private Executor appenders = Runnable::run;
    private ArtifactService artifacts;
    private PartsUploads uploads;

    @BeforeEach
    void open() throws Exception {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        DiskBlobStore blobs = new DiskBlobStore(
                new LocalDisk(point -> {
                    if (full && point.equals("disk.write")) {
                        throw new UncheckedIOException(new IOException("No space left on device"));
                    }
                }),
                directory.resolve("blobs"));
        artifacts = new ArtifactService(EVERYONE, new Interrupted(), blobs, () -> now, ModelFormats.python());
        uploads = new PartsUploads(EVERYONE, artifacts, () -> now, random);
    }

    /** The catalog, with what happens before it writes. */
    private final class Interrupted implements Catalog {

        @Override
        public <T> T read(Function<CatalogTransaction, T> unit) {
            return catalog.read(unit);
        }

        @Override
        public <T> T write(Function<CatalogTransaction, T> unit) {
            beforeWrite.run();
            return catalog.write(unit);
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        uploads.close();
        catalog.close();
    }

    private Digest send(String id, int number, byte[] bytes) {
        try (PartsUploads.Part part = uploads.part(id, number, appenders)) {
            part.write(ByteBuffer.wrap(bytes));
            return part.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The files of uploads that have no name yet. */
    private long unfinished() throws IOException {
        try (var incoming = Files.list(directory.resolve("blobs/incoming"))) {
            return incoming.count();
        }
    }

    private static void refused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(type));
    }

    @Test
    void parts_in_any_order_and_at_once_are_the_file() throws Exception {
        for (int round = 0; round < 20; round++) {
            ArtifactPath path = ArtifactPath.parse("0/run/artifacts/file-" + round);
            byte[] whole = bytes(1 + random.nextInt(3_000_000));
            int size = 20_000 + random.nextInt(200_000);
            int count = (whole.length + size - 1) / size;
            String id = uploads.create(path, count);
            List<Integer> order =
                    new ArrayList<>(IntStream.rangeClosed(1, count).boxed().toList());
            Collections.shuffle(order, random);
            Map<Integer, Optional<Digest>> parts = new HashMap<>();
            try (ExecutorService senders = Executors.newFixedThreadPool(4)) {
                Map<Integer, Future<Digest>> sent = new HashMap<>();
                for (int number : order) {
                    byte[] part = Arrays.copyOfRange(whole, (number - 1) * size, Math.min(whole.length, number * size));
                    sent.put(number, senders.submit(() -> send(id, number, part)));
                }
                for (Map.Entry<Integer, Future<Digest>> one : sent.entrySet()) {
                    parts.put(one.getKey(), Optional.of(one.getValue().get()));
                }
            }
            uploads.complete(id, path, parts);
            var artifact = artifacts.get(path);
            assertThat(artifact.size()).isEqualTo(whole.length);
            assertThat(artifact.sha256()).isEqualTo(Digest.of(whole));
            assertThat(unfinished()).isZero();
            // An answer that was lost is asked for again.
            uploads.complete(id, path, parts);
        }
    }

    @Test
    void nothing_is_there_until_all_parts_are_and_a_missing_one_is_named() throws Exception {
        String id = uploads.create(PATH, 3);
        send(id, 1, bytes(10));
        send(id, 3, bytes(10));
        assertThatThrownBy(() -> uploads.complete(id, PATH, Map.of())).hasMessageContaining("Part 2 of 3 is missing");
        refused(ProblemType.NOT_FOUND, () -> artifacts.get(PATH));
        send(id, 2, bytes(10));
        uploads.complete(id, PATH, Map.of());
        assertThat(artifacts.get(PATH).size()).isEqualTo(30);
    }

    @Test
    void a_part_may_be_sent_again_but_not_with_other_bytes_once_its_turn_has_come() throws Exception {
        String id = uploads.create(PATH, 3);
        byte[] first = bytes(10);
        send(id, 1, first);
        send(id, 1, first);
        refused(ProblemType.CONFLICT, () -> send(id, 1, bytes(11)));
        send(id, 3, bytes(5));
        byte[] third = bytes(7);
        Digest sent = send(id, 3, third);
        send(id, 2, bytes(1));
        refused(ProblemType.INVALID, () -> uploads.complete(id, PATH, Map.of(3, Optional.of(Digest.of(first)))));
        uploads.complete(id, PATH, Map.of(3, Optional.of(sent)));
        assertThat(artifacts.get(PATH).size()).isEqualTo(18);
        assertThat(unfinished()).isZero();
    }

    @Test
    void an_upload_that_is_aborted_or_left_alone_leaves_nothing() throws Exception {
        String aborted = uploads.create(PATH, 3);
        send(aborted, 1, bytes(10));
        send(aborted, 3, bytes(10));
        assertThat(unfinished()).isEqualTo(2);
        uploads.abort(aborted, PATH);
        uploads.abort(aborted, PATH);
        assertThat(unfinished()).isZero();
        refused(ProblemType.NOT_FOUND, () -> send(aborted, 2, bytes(1)));
        String left = uploads.create(PATH, 3);
        send(left, 2, bytes(10));
        now = now.plus(Duration.ofMinutes(59));
        uploads.forgetIdle();
        send(left, 1, bytes(10));
        now = now.plus(Duration.ofMinutes(61));
        uploads.forgetIdle();
        assertThat(unfinished()).isZero();
        refused(ProblemType.NOT_FOUND, () -> uploads.complete(left, PATH, Map.of()));
    }

    @Test
    void open_uploads_parts_and_those_that_wait_are_bounded() throws Exception {
        refused(ProblemType.INVALID, () -> uploads.create(PATH, 0));
        refused(ProblemType.INVALID, () -> uploads.create(PATH, 10_001));
        for (int i = 0; i < 10; i++) {
            uploads.create(PATH, 10_000);
        }
        refused(ProblemType.OVERLOADED, () -> uploads.create(PATH, 1));
        uploads.close();
        String id = uploads.create(PATH, 1000);
        for (int number = 2; number < 2 + PartsUpload.MOST_WAITING; number++) {
            send(id, number, bytes(1));
        }
        refused(ProblemType.OVERLOADED, () -> send(id, 900, bytes(1)));
        send(id, 1, bytes(1));
        send(id, 900, bytes(1));
        refused(ProblemType.INVALID, () -> send(id, 1001, bytes(1)));
        for (int i = 0; i < 63; i++) {
            uploads.create(PATH, 1);
        }
        refused(ProblemType.OVERLOADED, () -> uploads.create(PATH, 1));
    }

    @Test
    void an_upload_belongs_to_its_path() throws Exception {
        String id = uploads.create(PATH, 1);
        send(id, 1, bytes(3));
        ArtifactPath other = ArtifactPath.parse("0/other/artifacts/x");
        refused(ProblemType.NOT_FOUND, () -> uploads.complete(id, other, Map.of()));
        uploads.abort(id, other);
        uploads.complete(id, PATH, Map.of());
        assertThat(artifacts.get(PATH).size()).isEqualTo(3);
    }

    @Test
    void an_upload_that_a_full_disk_ended_takes_no_place_of_others() throws Exception {
        for (int i = 0; i < 70; i++) {
            String id = uploads.create(PATH, 2);
            try (PartsUploads.Part part = uploads.part(id, 1, appenders)) {
                part.write(ByteBuffer.wrap(bytes(10)));
                full = true;
                assertThatThrownBy(part::finish).hasMessageContaining("No space left");
            } finally {
                full = false;
            }
            if (i == 0) {
                assertThatThrownBy(() -> uploads.complete(id, PATH, Map.of()))
                        .as("who completes hears why")
                        .hasRootCauseMessage("No space left on device");
            }
        }
        assertThat(unfinished()).isZero();
        String id = uploads.create(PATH, 1);
        send(id, 1, bytes(10));
        uploads.complete(id, PATH, Map.of());
    }

    @Test
    void an_upload_is_completed_again_when_the_catalog_was_away() throws Exception {
        String id = uploads.create(PATH, 1);
        send(id, 1, bytes(10));
        beforeWrite = () -> {
            throw Problem.of(ProblemType.UNAVAILABLE, "the catalog is away").exception();
        };
        refused(ProblemType.UNAVAILABLE, () -> uploads.complete(id, PATH, Map.of()));
        refused(ProblemType.UNAVAILABLE, () -> uploads.complete(id, PATH, Map.of()));
        beforeWrite = () -> {};
        uploads.complete(id, PATH, Map.of());
        assertThat(artifacts.get(PATH).size()).isEqualTo(10);
        assertThat(unfinished()).isZero();
    }

    @Test
    void who_completes_while_the_upload_is_being_completed_has_the_same_answer() throws Exception {
        String id = uploads.create(PATH, 1);
        send(id, 1, bytes(10));
        CountDownLatch writes = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        beforeWrite = () -> {
            writes.countDown();
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
        Callable<Boolean> complete = () -> {
            uploads.complete(id, PATH, Map.of());
            return true;
        };
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<Boolean> first = callers.submit(complete);
            writes.await();
            Future<Boolean> second = callers.submit(complete);
            assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            now = now.plus(Duration.ofHours(2));
            uploads.forgetIdle();
            go.countDown();
            assertThat(first.get()).isTrue();
            assertThat(second.get()).isTrue();
        }
        assertThat(artifacts.get(PATH).size()).isEqualTo(10);
    }

    @Test
    void much_that_is_appended_at_once_gives_way_to_others() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        appenders = turns::add;
        byte[] first = bytes(10);
        byte[] second = bytes(9 << 20);
        String id = uploads.create(PATH, 2);
        send(id, 2, second);
        send(id, 1, first);
        int count = 0;
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
            count++;
        }
        assertThat(count).isEqualTo(2);
        uploads.complete(id, PATH, Map.of());
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        assertThat(artifacts.get(PATH).sha256()).isEqualTo(Digest.of(whole));
        assertThat(unfinished()).isZero();
    }

    @Test
    void an_upload_that_is_aborted_between_two_turns_leaves_nothing() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        appenders = turns::add;
        String id = uploads.create(PATH, 2);
        send(id, 1, bytes(9 << 20));
        uploads.abort(id, PATH);
        turns.remove().run();
        assertThat(turns).isEmpty();
        assertThat(unfinished()).isZero();
    }

    @Test
    void a_part_that_arrives_slowly_keeps_its_upload() throws Exception {
        String id = uploads.create(PATH, 1);
        try (PartsUploads.Part part = uploads.part(id, 1, appenders)) {
            for (int i = 0; i < 3; i++) {
                now = now.plus(Duration.ofMinutes(50));
                uploads.forgetIdle();
                part.write(ByteBuffer.wrap(bytes(10)));
            }
            part.finish();
        }
        uploads.complete(id, PATH, Map.of());
        assertThat(artifacts.get(PATH).size()).isEqualTo(30);
    }

    @Test
    void parts_that_began_at_once_wait_up_to_the_bound_and_hold_no_open_file() throws Exception {
        String id = uploads.create(PATH, 1000);
        List<PartsUploads.Part> parts = new ArrayList<>();
        for (int number = 2; number < 2 + PartsUpload.MOST_WAITING + 1; number++) {
            parts.add(uploads.part(id, number, appenders));
        }
        for (PartsUploads.Part part : parts.subList(0, PartsUpload.MOST_WAITING)) {
            part.finish();
        }
        refused(ProblemType.OVERLOADED, parts.getLast()::finish);
        assertThat(openFiles()).as("the file that the parts go to").isEqualTo(1);
        send(id, 2, bytes(1));
        uploads.abort(id, PATH);
        assertThat(unfinished()).isZero();
    }

    private long openFiles() throws IOException {
        Path incoming = directory.resolve("blobs/incoming").toRealPath();
        long count = 0;
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : open.toList()) {
                // Others may be closed meanwhile.
                if (Files.isSymbolicLink(one) && Files.readSymbolicLink(one).startsWith(incoming)) {
                    count++;
                }
            }
        }
        return count;
    }
}
