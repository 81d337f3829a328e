package io.modelward.runtime.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes what takes too long for the thread of a connection: a few threads for all versions in engines of the server.
 * The versions take turns, one slice of a request each, so that none of them holds up the others.
 */
final class ComputePool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ComputePool.class);
    private static final int MOST_WAITING = 16_384;
    private static final long MOST_BYTES = 96 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    /** The tasks of each owner, while it has any. */
    @GuardedBy("lock")
    private final Map<Object, Deque<Task>> waiting = new HashMap<>();

    /** The owners that have tasks, in the order of their turns. */
    @GuardedBy("lock")
    private final Deque<Object> turns = new ArrayDeque<>();

    @GuardedBy("lock")
    private int count;

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private boolean closed;

    private record Task(Runnable action, long bytes) {}

    // Nothing relies on the priority: where the system ignores it, all is as right and small requests are slower.
    @SuppressWarnings("ThreadPriorityCheck")
    ComputePool(int threads) {
        for (int i = 1; i <= threads; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .name("compute-" + i)
                    .start(this::run);
        }
    }

    /**
     * Queues a task, or answers false when too much waits, or when the pool is closed.
     *
     * @param owner whose turn the task takes
     * @param bytes that the task holds while it waits
     */
    boolean offer(Object owner, long bytes, Runnable action) {
        lock.lock();
        try {
            if (closed || count >= MOST_WAITING || (this.bytes + bytes > MOST_BYTES && count > 0)) {
                return false;
            }
            Deque<Task> tasks = waiting.get(owner);
            if (tasks == null) {
                tasks = new ArrayDeque<>(4);
                waiting.put(owner, tasks);
                turns.add(owner);
            }
            tasks.add(new Task(action, bytes));
            count++;
            this.bytes += bytes;
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Task task = take(); task != null; task = take()) {
            try {
                task.action().run();
            } catch (RuntimeException | Error unexpected) {
                LOG.error("a computation met what it cannot go on after", unexpected);
            }
        }
    }

    private @Nullable Task take() {
        lock.lock();
        try {
            while (turns.isEmpty()) {
                if (closed) {
                    return null;
                }
                filled.awaitUninterruptibly();
            }
            Object owner = turns.removeFirst();
            Deque<Task> tasks = Objects.requireNonNull(waiting.get(owner));
            Task task = tasks.removeFirst();
            if (tasks.isEmpty()) {
                waiting.remove(owner);
            } else {
                turns.add(owner);
            }
            count--;
            bytes -= task.bytes();
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** The threads end when all that waits is done. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
