package io.modelward.core.memory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The part of a {@link MemoryBudget} for one kind of work. */
public final class MemoryShare {

    private final String name;
    private final long size;
    private final MemoryBudget budget;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Set<Reservation> holders = ConcurrentHashMap.newKeySet();

    MemoryShare(String name, long size, MemoryBudget budget) {
        this.name = name;
        this.size = size;
        this.budget = budget;
    }

    /** A share that is never full, for whoever runs without a budget. */
    public static MemoryShare unlimited() {
        return new MemoryBudget(words -> {}).share("requests without a limit", Long.MAX_VALUE / 2);
    }

    /**
     * Opens a reservation of nothing yet.
     *
     * @param holder for people: what the memory is for
     */
    public Reservation open(String holder) {
        return open(() -> holder);
    }

    /** As the other, where the words are made when somebody asks for them only. */
    public Reservation open(Supplier<String> holder) {
        return new Reservation(this, holder);
    }

    public String name() {
        return name;
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /** In bytes, now. */
    public long used() {
        return used.get();
    }

    /** Whether so much is free now. Nothing is taken; the answer may be wrong a moment later. */
    boolean hasRoom(long bytes) {
        boolean room = used.get() + bytes <= size;
        if (!room) {
            refused.incrementAndGet();
        }
        return room;
    }

    /** How often memory was refused since the start. */
    public long refused() {
        return refused.get();
    }

    Set<Reservation> holders() {
        return holders;
    }

    boolean take(Reservation reservation, long bytes) {
        while (true) {
            long now = used.get();
            if (now + bytes > size) {
                refused.incrementAndGet();
                return false;
            }
            if (used.compareAndSet(now, now + bytes)) {
                holders.add(reservation);
                budget.changed();
                return true;
            }
        }
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
        budget.changed();
    }

    void forget(Reservation reservation) {
        holders.remove(reservation);
    }
}
