package io.modelward.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the database is there. One thread asks twice a second, over a connection of its own, and at once when
 * somebody suspects that the database is gone. While the database is away, callers are refused after
 * {@link #PATIENCE_MILLIS} instead of waiting, and connections that wait for an answer are cut: a database that was cut
 * off from the network would leave them waiting for minutes.
 */
final class Availability implements AutoCloseable {

    /**
     * Since the last sign of life, in which a caller waits for the database to come back. Whoever asks is answered
     * within 5 s.
     */
    static final long PATIENCE_MILLIS = 4000;

    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final int ANSWER_SECONDS = 2;
    private static final long EVERY_MILLIS = 500;

    private final PostgresDatabase database;
    private final Runnable evict;
    private final Set<Connection> inUse = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile boolean here = true;
    private volatile boolean suspected;
    private volatile boolean closed;
    private volatile long lastGood = System.nanoTime();
    /** Of the probe's thread only, as is whether the log has said that the database is away. */
    private @Nullable Connection probe;

    private boolean told;

    /** @param evict takes idle connections out of the pool */
    Availability(PostgresDatabase database, Runnable evict) {
        this.database = database;
        this.evict = evict;
        this.thread = Thread.ofPlatform().daemon().name("catalog-probe").start(this::run);
    }

    /** Returns when the database is there. Throws the problem when it has been away for too long. */
    void require() {
        if (here) {
            return;
        }
        lock.lock();
        try {
            while (!here && !closed) {
                long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS) - (System.nanoTime() - lastGood);
                if (left <= 0) {
                    throw PostgresProblems.away();
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw PostgresProblems.away();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a caller may still wait for the database to come back. */
    boolean isPatient() {
        return here || System.nanoTime() - lastGood < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    }

    /** Somebody met a broken connection: look at once, and let nobody use the database until then. */
    void suspect() {
        lock.lock();
        try {
            if (here) {
                here = false;
                suspected = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection is cut when the database is found to be away. */
    void use(Connection connection) {
        inUse.add(connection);
    }

    void release(Connection connection) {
        inUse.remove(connection);
    }

    private void run() {
        while (!closed) {
            try {
                round();
            } catch (Error | RuntimeException unforeseen) {
                // Whoever asks is refused until a round ends well; the next round tries again.
                LOG.error("the database could not be looked at", unforeseen);
                set(false);
            }
            pause();
        }
    }

    private void round() {
        Optional<String> trouble = look();
        if (trouble.isEmpty()) {
            lastGood = System.nanoTime();
            if (told) {
                LOG.info("the database {} answers again", database.url().words());
                told = false;
            }
            set(true);
            return;
        }
        set(false);
        cut();
        if (!told && !closed) {
            LOG.warn(
                    "the database {} does not answer; changes and reads are refused, predictions go on: {}",
                    database.url().words(),
                    trouble.get());
            told = true;
        }
    }

    private void set(boolean now) {
        lock.lock();
        try {
            here = now;
            suspected = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
            while (left > 0 && !suspected && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Why the database is of no use now; empty: it is there and takes changes. */
    private Optional<String> look() {
        try {
            Connection connection = probe;
            if (connection == null) {
                connection = database.connect(ANSWER_SECONDS);
                probe = connection;
            }
            if (PostgresDatabase.isWritable(connection)) {
                return Optional.empty();
            }
            drop();
            return Optional.of("it takes no changes");
        } catch (SQLException failure) {
            boolean old = probe != null;
            drop();
            // A probe whose connection was cut says nothing yet: the database may have been started anew.
            return old && !closed ? look() : Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    private void drop() {
        Connection old = probe;
        probe = null;
        if (old != null) {
            abort(old);
        }
    }

    /** Ends every wait for an answer. */
    private void cut() {
        evict.run();
        inUse.forEach(Availability::abort);
    }

    static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException gone) {
            LOG.debug("a connection was closed already", gone);
        }
    }

    @Override
    public void close() {
        closed = true;
        set(false);
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        drop();
    }
}
