package io.modelward.store.catalog.sqlite;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.GroupCommitWriter;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.unit.UnitOfWork;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The catalog in one SQLite file. SQLite is called only from platform threads that belong to this class: a virtual
 * thread inside its native code would hold a carrier, and two of them would stop a machine with two cores.
 */
public final class SqliteCatalog implements Catalog {

    private static final int READERS = 4;
    private static final int MAX_WAITING_READS = 4096;

    private final GroupCommitWriter writer;
    private final ThreadPoolExecutor readers;
    /** The one that was used last is used next: it has in memory what was looked at. */
    private final BlockingDeque<Handle> handles = new LinkedBlockingDeque<>(READERS);

    private SqliteCatalog(SqliteDatabase database, Failpoints failpoints) {
        this.writer = new GroupCommitWriter(new SqliteWritingConnection(database.open()), failpoints);
        for (int i = 0; i < READERS; i++) {
            handles.add(database.openReader());
        }
        this.readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING_READS),
                Thread.ofPlatform().name("catalog-reader-", 0).factory());
    }

    /**
     * Opens the file, creating or migrating it.
     *
     * @throws io.modelward.core.problem.StartRefused when a newer release wrote it
     */
    public static SqliteCatalog open(Path file, Failpoints failpoints) {
        SqliteDatabase database = new SqliteDatabase(file);
        database.prepare();
        return new SqliteCatalog(database, failpoints);
    }

    @Override
    public <T> T write(Function<CatalogTransaction, T> unit) {
        return writer.write(unit);
    }

    @Override
    public <T> T read(Function<CatalogTransaction, T> unit) {
        UnitOfWork.requireNone("reads the catalog once more");
        Future<T> answer;
        try {
            answer = readers.submit(() -> readNow(unit));
        } catch (RejectedExecutionException full) {
            throw Problem.of(ProblemType.OVERLOADED, "Too many requests wait for the catalog. Try again in a second.")
                    .with("retry_after", 1)
                    .exception();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException wrapped) {
                    if (wrapped.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw new IllegalStateException(wrapped.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T readNow(Function<CatalogTransaction, T> unit) throws InterruptedException {
        Handle handle = handles.takeFirst();
        try {
            handle.execute("BEGIN");
            T answer;
            try {
                SqlTransaction transaction = new SqlTransaction(handle, SqliteDatabase.DIALECT);
                answer = UnitOfWork.run(() -> unit.apply(transaction));
            } catch (Throwable failure) {
                rollBackAfter(failure, handle);
                throw failure;
            }
            handle.execute("ROLLBACK");
            return answer;
        } finally {
            handles.addFirst(handle);
        }
    }

    /**
     * After some errors, of the disk among them, SQLite has ended the transaction by itself. Whoever asked is told the
     * first error.
     */
    private static void rollBackAfter(Throwable failure, Handle handle) {
        try {
            handle.execute("ROLLBACK");
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void close() {
        readers.shutdown();
        try {
            readers.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        handles.forEach(Handle::close);
    }
}
