package io.modelward.runtime.python;

import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Starts worker processes. All are started by one thread that lives as long as the server: Linux sends the death signal when the
 * thread that started a process ends, not when the whole parent does.
 */
final class WorkerLauncher implements AutoCloseable {

    private final Isolation isolation;
    private final WorkerDirectories directories;
    private final WorkerLimits limits;
    private final LimitWatch watch;
    private final LargeFrames large = new LargeFrames();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService spawner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("worker-spawner").factory());

    WorkerLauncher(Isolation isolation, WorkerDirectories directories, WorkerLimits limits) {
        this.isolation = isolation;
        this.directories = directories;
        this.limits = limits;
        this.watch = new LimitWatch(limits, !isolation.ownDisk());
    }

    Path directory() {
        return directories.root();
    }

    WorkerLimits limits() {
        return limits;
    }

    /** Fills a directory with what the worker may see. */
    @FunctionalInterface
    interface Filler {
        void fill(Path model) throws IOException;
    }

    WorkerProcess start(Path python, String reference, Filler filler) throws IOException {
        int user = isolation.takeUser();
        WorkerFamily family = new WorkerFamily(user, Long.toHexString(random.nextLong()));
        Path home = null;
        try {
            home = directories.create();
            Path model = Files.createDirectory(home.resolve("model"));
            Path scratch = Files.createDirectory(home.resolve("scratch"));
            filler.fill(model);
            WorkerDirectories.handOver(home, user);
            // The interpreter's environment may lie where anybody may write, as in a test.
            List<String> command = new ArrayList<>(
                    isolation.prefix(user, limits, scratch, List.of(directories.root(), environment(python))));
            command.addAll(
                    List.of(python.toString(), "-I", directories.script().toString(), model.toString(), reference));
            Path whole = home;
            WorkerProcess process = new WorkerProcess(
                    spawn(command, isolation.home(scratch), scratch, family), family, large, (worker, ended) -> {
                        watch.remove(worker);
                        release(user, whole, ended);
                    });
            watch.add(process, family, scratch);
            return process;
        } catch (IOException | RuntimeException failure) {
            release(user, home, family.end());
            throw failure;
        }
    }

    /** The folder of {@code bin/python}. */
    private static Path environment(Path python) {
        Path folder = python.toAbsolutePath().getParent();
        return folder == null || folder.getParent() == null ? python : folder.getParent();
    }

    private void release(int user, @Nullable Path home, boolean ended) {
        if (home != null) {
            WorkerDirectories.tryToRemove(home);
        }
        isolation.giveBackUser(user, ended);
    }

    private Process spawn(List<String> command, Path home, Path directory, WorkerFamily family) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        environment.put("HOME", home.toString());
        environment.put("TMPDIR", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put(WorkerFamily.VARIABLE, family.mark());
        // One worker is one core's work: batches give the parallelism, and threads of BLAS would only fight over the
        // cores.
        for (String threads : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            environment.put(threads, "1");
        }
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return builder.start();
                                } catch (IOException failure) {
                                    throw new CompletionException(failure);
                                }
                            },
                            spawner)
                    .join();
        } catch (CompletionException wrapped) {
            throw new IOException("a worker process could not be started", wrapped.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        spawner.shutdown();
        directories.close();
    }
}
