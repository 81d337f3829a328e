package io.modelward.runtime.serving;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** When a worker's process died, and how long to wait before the next: 0.2 s, doubled each time, at most 30 s. */
final class CrashHistory {

    private static final int TOO_MANY = 5;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Deque<Long> crashes = new ArrayDeque<>();
    private int total;

    void add(long nanoTime) {
        crashes.add(nanoTime);
        total++;
        while (nanoTime - crashes.getFirst() > WINDOW.toNanos()) {
            crashes.removeFirst();
        }
    }

    int total() {
        return total;
    }

    /** Whether it crashed so often within ten minutes that starting it again is pointless. */
    boolean tooMany() {
        return crashes.size() > TOO_MANY;
    }

    Duration backOff() {
        Duration wait = FIRST.multipliedBy(1L << Math.min(crashes.size() - 1, 20));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
