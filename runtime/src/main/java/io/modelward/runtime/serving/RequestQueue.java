package io.modelward.runtime.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.runtime.Instances;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests of one model that wait for its engine, in the order they came. What waits when the engine is free is
 * computed together: the batch grows with the load and no request waits for one to fill.
 *
 * <p>Several threads may take, and one of them computes at a time: from {@link #take} until {@link #computed} nobody
 * else gets a batch. A request that arrives meanwhile wakes nobody; {@link #computed} does.
 */
final class RequestQueue {

    static final int MAX_BATCH_REQUESTS = 128;
    private static final int MAX_BATCH_ROWS = 8192;
    private static final long MAX_BATCH_BYTES = 16 << 20;
    private static final int MAX_REQUESTS = 16_384;
    private static final long MAX_BYTES = 96 << 20;
    /** In bytes; smaller requests wait for their turn also when they are over. */
    private static final long LARGE = 64 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<QueuedRequest> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long bytes;

    /** Whether somebody computes. */
    @GuardedBy("lock")
    private boolean busy;

    /** Whether a taker gets nothing any more. */
    @GuardedBy("lock")
    private boolean paused;

    /** Adds a request, or answers false when the memory set aside for waiting requests is full. */
    boolean offer(QueuedRequest pending) {
        lock.lock();
        try {
            long size = size(pending);
            if (waiting.size() >= MAX_REQUESTS || (bytes + size > MAX_BYTES && !waiting.isEmpty())) {
                return false;
            }
            waiting.add(pending);
            bytes += size;
            if (!busy) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
        // What a caller who has given up asked for must not stay in memory until its turn comes.
        var _ = pending.answer().whenComplete((answer, failure) -> {
            if (failure != null && size(pending) > LARGE) {
                forget(pending);
            }
        });
        return true;
    }

    private static long size(QueuedRequest pending) {
        return pending.instances().bytes();
    }

    // This very request, not one that is equal to it.
    @SuppressWarnings("ReferenceEquality")
    private void forget(QueuedRequest pending) {
        lock.lock();
        try {
            if (waiting.removeIf(other -> other == pending)) {
                bytes -= size(pending);
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody computes and there is a request, and takes it with those after it that can be computed
     * together with it. Whoever gets any calls {@link #computed} or {@link #putBack} next.
     *
     * @param together whether requests may be joined at all
     * @return empty after {@code waitMillis}, or when the queue is paused
     */
    List<QueuedRequest> take(boolean together, long waitMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (!paused && (busy || dropOver()) && left > 0) {
                left = filled.awaitNanos(left);
            }
            if (paused || busy) {
                return List.of();
            }
            List<QueuedRequest> batch = new ArrayList<>();
            int rows = 0;
            long size = 0;
            while (!dropOver()) {
                QueuedRequest next = waiting.peekFirst();
                Instances instances = next.instances();
                boolean fits = batch.isEmpty()
                        || (together
                                && batch.size() < MAX_BATCH_REQUESTS
                                && rows + instances.rows() <= MAX_BATCH_ROWS
                                && size + instances.bytes() <= MAX_BATCH_BYTES
                                && batch.getFirst().joins(next));
                if (!fits) {
                    break;
                }
                batch.add(next);
                rows += instances.rows();
                size += instances.bytes();
                remove();
            }
            busy = !batch.isEmpty();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The batch that was taken is computed; the next may be taken. */
    void computed() {
        lock.lock();
        try {
            busy = false;
            if (!waiting.isEmpty()) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isBusy() {
        lock.lock();
        try {
            return busy;
        } finally {
            lock.unlock();
        }
    }

    boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /** From now on a taker gets nothing, at once; or gets waiting requests again. */
    void pause(boolean now) {
        lock.lock();
        try {
            paused = now;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a batch back to the front: nothing has been computed of it. */
    void putBack(List<QueuedRequest> batch) {
        lock.lock();
        try {
            for (QueuedRequest pending : batch.reversed()) {
                waiting.addFirst(pending);
                bytes += pending.instances().bytes();
            }
            busy = false;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all that wait. */
    List<QueuedRequest> drain() {
        lock.lock();
        try {
            List<QueuedRequest> all = List.copyOf(waiting);
            waiting.clear();
            bytes = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Drops requests at the head whose callers have given up; true when nothing waits then. */
    @GuardedBy("lock")
    private boolean dropOver() {
        while (!waiting.isEmpty() && waiting.peekFirst().over()) {
            remove();
        }
        return waiting.isEmpty();
    }

    @GuardedBy("lock")
    private void remove() {
        bytes -= waiting.removeFirst().instances().bytes();
    }
}
