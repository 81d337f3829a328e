package io.modelward.store.catalog.sql;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.WritingConnection.AfterFailure;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.unit.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes, which makes units of work serial on every database.
 *
 * <p><b>Groups.</b> A sync costs a millisecond or more and a unit some microseconds. The units that wait while one
 * commit syncs go together into the next transaction: each in a savepoint of its own, so that a unit that fails takes
 * nothing else with it. All are answered after the COMMIT that makes them durable. A unit that is alone needs no
 * savepoint, which saves SQLite from keeping the pages that it would go back to.
 *
 * <p><b>Failures.</b> When a statement fails, its unit is undone and told. When the failure may have ended the whole
 * transaction, or the COMMIT fails, the {@link WritingConnection} says what follows: the group is refused, run again,
 * known to be kept, or nothing is written any more. A unit may therefore run more than once, and returns values and
 * changes nothing else.
 *
 * <p><b>Answers.</b> Each unit that was taken is answered: after its commit, after a failure, or when the writer is
 * closed.
 */
public final class GroupCommitWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitWriter.class);
    private static final int MAX_WAITING = 1024;
    private static final int MAX_GROUP = 128;

    private final WritingConnection connection;
    private final Failpoints failpoints;
    private final BlockingQueue<Unit<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException stopped;

    /** Starts the thread. The connection is the writer's from now on. */
    public GroupCommitWriter(WritingConnection connection, Failpoints failpoints) {
        this.connection = connection;
        this.failpoints = failpoints;
        this.thread = Thread.ofPlatform().name("catalog-writer").start(this::run);
    }

    /** See {@link io.modelward.store.catalog.Catalog#write}. */
    public <T> T write(Function<CatalogTransaction, T> work) {
        UnitOfWork.requireNone("writes to the catalog");
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
                write(group);
            } catch (InterruptedException interrupted) {
                closed = true;
            } catch (Error | RuntimeException broken) {
                // It is not known what was written, and whoever waits must be answered.
                LOG.error("the catalog's writer broke", broken);
                RuntimeException problem = unusable();
                stopped = problem;
                group.forEach(unit -> unit.fail(problem));
            } finally {
                group.clear();
            }
        }
        for (Unit<?> left = waiting.poll(); left != null; left = waiting.poll()) {
            left.fail(stopping());
        }
    }

    private void write(List<Unit<?>> group) {
        RuntimeException never = stopped;
        if (never != null) {
            group.forEach(unit -> unit.fail(never));
            return;
        }
        for (int attempt = 1; ; attempt++) {
            switch (attempt(group, attempt)) {
                case AfterFailure.Kept() -> {
                    group.forEach(unit -> unit.answer(connection));
                    return;
                }
                case AfterFailure.Refuse(RuntimeException problem) -> {
                    group.forEach(unit -> unit.fail(problem));
                    return;
                }
                case AfterFailure.Stop(RuntimeException problem) -> {
                    stopped = problem;
                    group.forEach(unit -> unit.fail(problem));
                    return;
                }
                case AfterFailure.RunAgain() -> group.forEach(Unit::forget);
            }
        }
    }

    private AfterFailure attempt(List<Unit<?>> group, int attempt) {
        boolean committing = false;
        try {
            SqlTransaction transaction = connection.begin();
            if (group.size() > 1) {
                group.forEach(unit -> runInSavepoint(unit, transaction));
            } else if (!runAlone(group.getFirst(), transaction)) {
                return new AfterFailure.Kept();
            }
            committing = true;
            failpoints.pass("catalog.before-commit");
            connection.commit();
            failpoints.pass("catalog.after-commit");
            return new AfterFailure.Kept();
        } catch (RuntimeException failure) {
            boolean undone = connection.rollBack();
            return connection.failed(failure, committing, undone, attempt);
        }
    }

    private void runInSavepoint(Unit<?> unit, SqlTransaction transaction) {
        transaction.handle().execute("SAVEPOINT unit");
        if (!succeeds(unit, transaction)) {
            transaction.handle().execute("ROLLBACK TO unit");
        }
        transaction.handle().execute("RELEASE unit");
    }

    /** Whether it succeeded; else nothing is left of the transaction, and the unit's own failure is its answer. */
    private boolean runAlone(Unit<?> unit, SqlTransaction transaction) {
        if (succeeds(unit, transaction)) {
            return true;
        }
        if (!connection.rollBack()) {
            throw new IllegalStateException("a unit that failed could not be undone", unit.failure);
        }
        return false;
    }

    private boolean succeeds(Unit<?> unit, SqlTransaction transaction) {
        RuntimeException failure = unit.run(transaction);
        if (failure != null && connection.endsTransaction(failure)) {
            throw failure;
        }
        return failure == null;
    }

    private static RuntimeException stopping() {
        return Problem.of(ProblemType.UNAVAILABLE, "The server is stopping.").exception();
    }

    /** What callers are told when nobody knows what the database holds. */
    public static RuntimeException unusable() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The catalog could not be written and takes no more changes. An operator must check the"
                                + " disk and restart the"
                                + " server.")
                .exception();
    }

    @Override
    public void close() {
        closed = true;
        joinWriter();
        connection.close();
    }

    /** A unit of work and the answer that its caller waits for. */
    private static final class Unit<T> {
        private final Function<CatalogTransaction, T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable RuntimeException failure;
        private @Nullable T result;

        private Unit(Function<CatalogTransaction, T> work) {
            this.work = work;
        }

        private @Nullable RuntimeException run(CatalogTransaction transaction) {
            try {
                result = UnitOfWork.run(() -> work.apply(transaction));
            } catch (RuntimeException thrown) {
                failure = thrown;
            } catch (Error error) {
                failure = new IllegalStateException(error);
            }
            return failure;
        }

        private void forget() {
            failure = null;
            result = null;
        }

        @SuppressWarnings("NullAway") // a unit may answer null; the future carries it
        private void answer(WritingConnection connection) {
            if (failure == null) {
                future.complete(result);
            } else {
                fail(connection.translate(failure));
            }
        }

        private void fail(RuntimeException problem) {
            future.completeExceptionally(problem);
        }

        private T await() {
            try {
                return future.join();
            } catch (CompletionException wrapped) {
                if (wrapped.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw wrapped;
            }
        }
    }
}
