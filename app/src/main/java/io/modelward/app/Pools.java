package io.modelward.app;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The platform threads for work that takes a core or waits in native code; virtual threads are for waiting only.
 *
 * @param hashers uploads: few, so that they never take every core for long
 * @param verifiers verification, which takes hours on a large store and must hold up no upload
 * @param files downloads: opening and positioning; writing out metrics
 * @param rows large predict bodies
 * @param documents large bodies of all other calls
 * @param answers checking and writing large answers
 * @param completions ending requests that timed out or wait for a model that failed
 */
record Pools(
        ExecutorService hashers,
        ExecutorService verifiers,
        ExecutorService files,
        ExecutorService rows,
        ExecutorService documents,
        ExecutorService answers,
        ExecutorService completions)
        implements AutoCloseable {

    static Pools create() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Pools(
                pool("hasher-", Math.max(2, cores / 2)),
                pool("verifier-", 1),
                pool("file-", 2),
                pool("rows-", Math.max(1, cores / 2)),
                pool("document-", Math.max(1, cores / 2)),
                pool("answer-", Math.max(1, cores / 2)),
                Executors.newFixedThreadPool(
                        cores,
                        Thread.ofPlatform().daemon().name("completion-", 0).factory()));
    }

    // Nothing relies on the priority: where the system ignores it, all is as right and small requests are slower.
    @SuppressWarnings("ThreadPriorityCheck")
    private static ExecutorService pool(String name, int size) {
        // Below the threads that small requests run on, where the JVM may tell the system so.
        return Executors.newFixedThreadPool(
                size,
                Thread.ofPlatform()
                        .daemon()
                        .priority(Thread.MIN_PRIORITY)
                        .name(name, 0)
                        .factory());
    }

    @Override
    public void close() {
        List.of(hashers, verifiers, files, rows, documents, answers, completions)
                .forEach(ExecutorService::shutdown);
    }
}
