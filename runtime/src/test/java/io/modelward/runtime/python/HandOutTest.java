package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users, processes, folders, threads and files that workers are given are given back, however a worker ends. The worker
 * imports nothing, so that more of them than there are users start in seconds.
 */
@Tag("process")
class HandOutTest {

    private static final int STARTS = Integer.getInteger("modelward.starts", 260);
    private static final int AT_ONCE = 6;
    private static final int LASTING = 5;
    /** In seconds, what a busy machine may take for what takes moments. */
    private static final long PATIENCE = 60;

    /** What a worker does; the name is the version's. */
    private static final List<String> WAYS = List.of(
            "serves",
            "serves",
            "dies-while-loading",
            "writes-nonsense",
            "cannot-be-loaded",
            "leaves-a-child",
            "never-loads",
            "dies-with-a-child-at-its-pipe",
            "leaves-a-tree-too-deep",
            "closed-while-loading");

    @TempDir
    Path folder;

    private RuntimeFixture runtime;

    @BeforeEach
    void start() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path bin = Files.createDirectories(folder.resolve("environment/bin"));
        Path python = bin.resolve("python");
        try (InputStream worker = HandOutTest.class.getResourceAsStream("/plain_worker.py")) {
            Files.copy(worker, python);
        }
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
        runtime = PythonFixture.open(
                new RuntimeSettings(
                        Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20), WorkerLimits.defaults()),
                new PythonSettings(Duration.ofMinutes(1), false, Optional.empty(), Optional.of(python)));
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    private RunningModel run(String way, int number) {
        byte[] bytes = way.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        FileEntry file = new FileEntry(FilePath.parse("model.joblib"), bytes.length, Digest.of(bytes));
        return runtime.start(new ModelSource(
                "default/" + way + "@" + number + ".0.0",
                Digest.of(bytes),
                List.of(file),
                entry -> new ByteArrayInputStream(bytes),
                Signature.unknown()));
    }

    private static Instances row() {
        return new Instances.Matrix(new double[] {1}, 1, 1);
    }

    @Test
    void after_more_starts_than_there_are_users_nothing_is_left_and_nobody_was_hit_by_the_end_of_another()
            throws Exception {
        Random random = new Random(7);
        List<RunningModel> lasting = new ArrayList<>();
        for (int i = 0; i < LASTING; i++) {
            RunningModel model = run("serves", 1000 + i);
            model.ready().get(PATIENCE, TimeUnit.SECONDS);
            lasting.add(model);
        }
        Map<Long, Integer> users = users();
        assertThat(new HashSet<>(users.values()))
                .as("each worker has a user of its own")
                .hasSize(users.size());
        // Two threads of a model and one for the log of its worker; the last of them may begin after the model is
        // ready.
        long threads = 3L * LASTING;
        long files = openFiles();
        Deque<RunningModel> open = new ArrayDeque<>();
        for (int i = 0; i < STARTS; i++) {
            String way = WAYS.get(random.nextInt(WAYS.size()));
            RunningModel model = run(way, i);
            open.add(model);
            if (way.equals("closed-while-loading") || way.equals("never-loads")) {
                Thread.sleep(random.nextInt(30));
                model.close();
            } else if (random.nextInt(3) > 0) {
                model.ready().exceptionally(failed -> null).get(PATIENCE, TimeUnit.SECONDS);
                if (model.info().state() == ModelInfo.State.READY) {
                    model.predict(row()).exceptionally(failed -> null).get(PATIENCE, TimeUnit.SECONDS);
                }
            }
            if (open.size() > AT_ONCE) {
                open.remove().close();
            }
            if (i % 20 == 0) {
                Map<Long, Integer> now = users();
                assertThat(now)
                        .as("those that last still run, after %d starts", i)
                        .containsAllEntriesOf(users);
            }
        }
        open.forEach(RunningModel::close);
        // Each thing is given back by a thread of its own, one after the other; a busy machine takes its time.
        eventually(() -> {
            assertThat(runtime.describe().path("worker_users").intValue())
                    .as("users in use")
                    .isEqualTo(LASTING);
            assertThat(users()).as("processes").isEqualTo(users);
            assertThat(runtime.running()).as("models that the runtime knows").isEqualTo(LASTING);
            assertThat(directories()).as("workers' directories").hasSize(LASTING);
            assertThat(threads()).as("threads").isLessThanOrEqualTo(threads);
            assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files + 5);
        });
        for (RunningModel model : lasting) {
            assertThat(model.predict(row()).get(PATIENCE, TimeUnit.SECONDS).rows())
                    .isEqualTo(1);
            assertThat(model.info().restarts()).isZero();
        }
    }

    @Test
    void a_worker_that_dies_while_its_child_holds_the_pipe_is_noticed_at_once_and_started_again() throws Exception {
        RunningModel model = run("dies-with-a-child-at-its-pipe", 1);
        model.ready().get(PATIENCE, TimeUnit.SECONDS);
        long start = System.nanoTime();
        assertThat(model.predict(row())
                        .handle((answer, failure) -> String.valueOf(failure))
                        .get(PATIENCE, TimeUnit.SECONDS))
                .contains("ended while it computed this request");
        assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(4_000_000_000L);
        for (int i = 0; i < 400 && model.info().restarts() == 0; i++) {
            Thread.sleep(25);
        }
        assertThat(model.info().restarts()).isEqualTo(1);
        model.close();
    }

    /** What holds within a minute; it need not hold at once. */
    private static void eventually(ThrowingCallable holds) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (true) {
            try {
                holds.call();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - until > 0) {
                    throw notYet;
                }
                Thread.sleep(25);
            } catch (Throwable failure) {
                throw new AssertionError(failure);
            }
        }
    }

    /** By process, the user of each process that runs as a worker. */
    private Map<Long, Integer> users() {
        Map<Long, Integer> users = new HashMap<>();
        Set<Integer> range = new HashSet<>(runtime.workerUsers());
        WorkerFamily.byUser().forEach((user, processes) -> {
            if (range.contains(user)) {
                processes.forEach(process -> users.put(process, user));
            }
        });
        return users;
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> all = Files.list(runtime.workerDirectory())) {
            return all.filter(path -> path.getFileName().toString().startsWith("w"))
                    .toList();
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("model ")
                        || thread.getName().startsWith("worker-log")
                        || thread.getName().startsWith("worker-family"))
                .count();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
