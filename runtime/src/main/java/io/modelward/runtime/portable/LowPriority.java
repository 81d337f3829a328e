package io.modelward.runtime.portable;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does work that may take seconds below the threads that requests run on, where the JVM may tell the system so. */
final class LowPriority {

    private LowPriority() {}

    /** Work that asks a worker. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work on a thread of its own and waits for its end; being told to stop does not cut the wait short. */
    // Nothing relies on the priority: where the system ignores it, all is as right and small requests are slower.
    @SuppressWarnings("ThreadPriorityCheck")
    static <T> T run(String name, Work<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work::run);
        Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).name(name).start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException stopping) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    switch (Objects.requireNonNull(failed.getCause())) {
                        case IOException ended -> throw ended;
                        case RuntimeException failure -> throw failure;
                        case Error error -> throw error;
                        default -> throw new IllegalStateException(failed);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
