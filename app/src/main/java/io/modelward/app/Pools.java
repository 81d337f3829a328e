package io.modelward.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The platform threads for work that takes a core or waits in native code; virtual threads are for waiting only.
 *
 * @param hashers uploads and verification: few, so that they never take every core for long
 * @param files downloads: opening and positioning; writing out metrics
 * @param parsers large predict bodies
 */
record Pools(ExecutorService hashers, ExecutorService files, ExecutorService parsers) implements AutoCloseable {

    static Pools create() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Pools(
                pool("hasher-", Math.max(2, cores / 2)), pool("file-", 2), pool("parser-", Math.max(1, cores / 2)));
    }

    private static ExecutorService pool(String name, int size) {
        return Executors.newFixedThreadPool(
                size, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    @Override
    public void close() {
        hashers.shutdown();
        files.shutdown();
        parsers.shutdown();
    }
}
