package io.modelward.runtime.sandbox;

import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends workers that take more than their limits, where the system does not hold them: the system limits the memory of
 * each process, not of all that a worker starts; and without a file system of its own, only the size of each file.
 */
public final class LimitWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
    private static final long STEP_MILLIS = 1000;

    private final boolean watchFiles;
    private final Map<Limited, Watched> workers = new ConcurrentHashMap<>();
    private final Thread thread;

    /** What can be ended for taking more than it may. */
    @FunctionalInterface
    public interface Limited {

        /** @param why what to say of the end */
        void kill(String why);

        /**
         * What to say of the end at a limit.
         *
         * @param limit memory, disk or files
         */
        default String met(String limit, WorkerLimits limits) {
            return LimitWords.met(limit, limits);
        }
    }

    private record Watched(WorkerFamily family, Path scratch, WorkerLimits limits) {}

    /** @param watchFiles whether nothing else limits the sum of a worker's files */
    public LimitWatch(boolean watchFiles) {
        this.watchFiles = watchFiles;
        this.thread = Thread.ofPlatform().daemon().name("worker-limits").start(this::run);
    }

    /** @param limits the most that the process and all that it starts may take */
    public void add(Limited process, WorkerFamily family, Path scratch, WorkerLimits limits) {
        workers.put(process, new Watched(family, scratch, limits));
    }

    public void remove(Limited process) {
        workers.remove(process);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
                look();
            } catch (InterruptedException closing) {
                return;
            } catch (RuntimeException failure) {
                LOG.warn("workers' limits could not be looked at and are looked at again: {}", failure.toString());
            }
        }
    }

    private void look() {
        if (workers.isEmpty()) {
            return;
        }
        Map<Integer, List<Long>> byUser = WorkerFamily.byUser();
        workers.forEach((process, watched) -> {
            List<Long> members = watched.family().user() >= 0
                    ? byUser.getOrDefault(watched.family().user(), List.of())
                    : watched.family().members();
            WorkerLimits limits = watched.limits();
            if (WorkerFamily.resident(members) > limits.memory()
                    && WorkerFamily.proportional(members) > limits.memory()) {
                end(process, process.met("memory", limits));
            } else if (watchFiles) {
                watchFiles(process, watched.scratch(), limits);
            }
        });
    }

    private static void end(Limited process, String why) {
        LOG.warn("ending a worker: {}", why);
        process.kill(why);
    }

    private static void watchFiles(Limited process, Path scratch, WorkerLimits limits) {
        long[] taken = new long[2];
        try {
            Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return count(0);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return count(attributes.size());
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                private FileVisitResult count(long bytes) {
                    taken[0]++;
                    taken[1] += bytes;
                    return taken[0] > limits.files() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException gone) {
            return;
        }
        if (taken[0] > limits.files()) {
            end(process, process.met("files", limits));
        } else if (taken[1] > limits.disk()) {
            end(process, process.met("disk", limits));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
