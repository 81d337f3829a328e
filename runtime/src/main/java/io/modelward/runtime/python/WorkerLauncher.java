package io.modelward.runtime.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts worker processes. All are started by one thread that lives as long as the server: Linux sends the death signal when the
 * thread that started a process ends, not when the whole parent does.
 */
final class WorkerLauncher implements AutoCloseable {

    private final Isolation isolation;
    private final WorkerDirectories directories;
    private final ExecutorService spawner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("worker-spawner").factory());

    WorkerLauncher(Isolation isolation, WorkerDirectories directories) {
        this.isolation = isolation;
        this.directories = directories;
    }

    /** Fills a directory with what the worker may see. */
    @FunctionalInterface
    interface Filler {
        void fill(Path model) throws IOException;
    }

    WorkerProcess start(Path python, String reference, Filler filler) throws IOException {
        Path home = directories.create();
        try {
            Path model = Files.createDirectory(home.resolve("model"));
            Path scratch = Files.createDirectory(home.resolve("scratch"));
            filler.fill(model);
            int user = isolation.nextUser();
            WorkerDirectories.handOver(home, user);
            List<String> command = new ArrayList<>(isolation.prefix(user));
            command.addAll(
                    List.of(python.toString(), "-I", directories.script().toString(), model.toString(), reference));
            return new WorkerProcess(spawn(command, scratch), user, home);
        } catch (IOException | RuntimeException failure) {
            WorkerDirectories.remove(home);
            throw failure;
        }
    }

    private Process spawn(List<String> command, Path scratch) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        environment.put("HOME", scratch.toString());
        environment.put("TMPDIR", scratch.toString());
        environment.put("LANG", "C.UTF-8");
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
        spawner.shutdown();
        directories.close();
    }
}
