package io.modelward.store.catalog.sqlite;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. A sync costs a millisecond or more and a unit some microseconds, so the units that wait while one
 * commit syncs go together into the next: each in a savepoint of its own, so that a unit that fails takes nothing else with it,
 * and all are answered after the COMMIT that makes them durable. A unit that is alone needs none, which saves SQLite from keeping
 * the pages that it would go back to.
 *
 * <p>A commit that fails for another reason than a full disk leaves it unknown what the file holds. Nothing more is written then:
 * going on would build on pages that may never have reached the disk.
 */
final class GroupCommitWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitWriter.class);
    private static final int MAX_WAITING = 1024;
    private static final int MAX_GROUP = 128;

    private final Handle handle;
    private final Failpoints failpoints;
    private final BlockingQueue<Unit<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean failed;

    GroupCommitWriter(Handle handle, Failpoints failpoints) {
        this.handle = handle;
        this.failpoints = failpoints;
        this.thread = Thread.ofPlatform().name("catalog-writer").start(this::run);
    }

    <T> T write(Function<CatalogTransaction, T> work) {
        Unit<T> unit = new Unit<>(work);
        if (closed) {
            throw stopping();
        }
        if (!waiting.offer(unit)) {
            throw Problem.of(ProblemType.OVERLOADED, "Too many changes wait to be written. Try again in a second.")
                    .with("retry_after", 1)
                    .exception();
        }
        // The thread may have looked into the queue for the last time just before. Once it has ended, nobody else takes
        // the unit out.
        if (closed) {
            joinWriter();
            if (waiting.remove(unit)) {
                throw stopping();
            }
        }
        return unit.await();
    }

    /** Waits until the writing thread has ended; keeps an interruption for later. */
    private void joinWriter() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Unit<?>> group = new ArrayList<>(MAX_GROUP);
        while (!closed || !waiting.isEmpty()) {
            try {
                Unit<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                waiting.drainTo(group, MAX_GROUP - 1);
                commit(group);
            } catch (InterruptedException interrupted) {
                closed = true;
            } catch (Error broken) {
                // It is not known what was written, and whoever waits must be answered.
                LOG.error("the catalog's writer broke", broken);
                failed = true;
                group.forEach(unit -> unit.fail(unusable()));
            } finally {
                group.clear();
            }
        }
        for (Unit<?> left = waiting.poll(); left != null; left = waiting.poll()) {
            left.fail(stopping());
        }
    }

    private void commit(List<Unit<?>> group) {
        if (failed) {
            group.forEach(unit -> unit.fail(unusable()));
            return;
        }
        boolean committing = false;
        try {
            handle.execute("BEGIN IMMEDIATE");
            if (group.size() > 1) {
                group.forEach(this::runInSavepoint);
            } else if (!runAlone(group.getFirst())) {
                return;
            }
            committing = true;
            failpoints.pass("catalog.before-commit");
            handle.execute("COMMIT");
            failpoints.pass("catalog.after-commit");
        } catch (RuntimeException failure) {
            LOG.error("the catalog could not commit", failure);
            boolean undone = rollBack();
            if (!undone || (committing && !SqliteProblems.isFull(failure))) {
                failed = true;
            }
            RuntimeException problem = failed ? unusable() : SqliteProblems.translate(failure);
            group.forEach(unit -> unit.fail(problem));
            return;
        }
        group.forEach(Unit::answer);
    }

    private void runInSavepoint(Unit<?> unit) {
        handle.execute("SAVEPOINT unit");
        if (!succeeds(unit)) {
            handle.execute("ROLLBACK TO unit");
        }
        handle.execute("RELEASE unit");
    }

    /** Whether it succeeded; else nothing is left of the transaction, and the unit is answered. */
    private boolean runAlone(Unit<?> unit) {
        if (succeeds(unit)) {
            return true;
        }
        // The unit's own failure is told, also when SQLite has ended the transaction already.
        if (!rollBack()) {
            throw new IllegalStateException("a unit that failed could not be undone", unit.failure);
        }
        unit.answer();
        return false;
    }

    private boolean succeeds(Unit<?> unit) {
        RuntimeException failure = unit.run(new SqlTransaction(handle));
        if (failure != null && SqliteProblems.endsTransaction(failure)) {
            throw failure;
        }
        return failure == null;
    }

    private boolean rollBack() {
        try {
            handle.execute("ROLLBACK");
            return true;
        } catch (RuntimeException failure) {
            // SQLite ends the transaction by itself on a full disk; then there is nothing left to roll back.
            return String.valueOf(failure.getMessage()).contains("no transaction is active");
        }
    }

    private static RuntimeException stopping() {
        return Problem.of(ProblemType.UNAVAILABLE, "The server is stopping.").exception();
    }

    private static RuntimeException unusable() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The catalog could not be written and takes no more changes. An operator must check the disk and restart the"
                                + " server.")
                .exception();
    }

    @Override
    public void close() {
        closed = true;
        joinWriter();
        handle.close();
    }

    /** A unit of work and the answer that its caller waits for. */
    private static final class Unit<T> {
        private final Function<CatalogTransaction, T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @org.jspecify.annotations.Nullable RuntimeException failure;
        private @org.jspecify.annotations.Nullable T result;

        private Unit(Function<CatalogTransaction, T> work) {
            this.work = work;
        }

        private @org.jspecify.annotations.Nullable RuntimeException run(CatalogTransaction transaction) {
            try {
                result = work.apply(transaction);
            } catch (RuntimeException thrown) {
                failure = thrown;
            } catch (Error error) {
                failure = new IllegalStateException(error);
            }
            return failure;
        }

        @SuppressWarnings("NullAway") // a unit may answer null; the future carries it
        private void answer() {
            if (failure == null) {
                future.complete(result);
            } else {
                fail(SqliteProblems.translate(failure));
            }
        }

        private void fail(RuntimeException problem) {
            future.completeExceptionally(problem);
        }

        private T await() {
            try {
                return future.join();
            } catch (java.util.concurrent.CompletionException wrapped) {
                if (wrapped.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw wrapped;
            }
        }
    }
}
