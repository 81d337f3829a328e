package io.modelward.store.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A file that is synced by another thread while more of it arrives, so that the disk works meanwhile and the last sync
 * finds little left to do. A sync that failed behind the caller's back is thrown at the next one, and the file is not
 * synced again.
 */
public final class EarlySync implements DiskFile {

    private final DiskFile file;
    private final long every;
    private final Executor threads;
    private CompletableFuture<Void> syncing = CompletableFuture.completedFuture(null);
    private long unsynced;

    /**
     * A file over another, which is closed with it.
     *
     * @param every after so many bytes
     * @param threads platform threads, that may wait for the disk
     */
    public EarlySync(DiskFile file, long every, Executor threads) {
        this.file = file;
        this.every = every;
        this.threads = threads;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        unsynced += bytes.remaining();
        file.write(bytes);
        if (unsynced >= every && syncing.isDone()) {
            settle();
            unsynced = 0;
            syncing = CompletableFuture.runAsync(this::syncNow, threads);
        }
    }

    private void syncNow() {
        try {
            file.sync();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void settle() throws IOException {
        try {
            syncing.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof UncheckedIOException wrapped) {
                throw wrapped.getCause();
            }
            throw failed;
        }
    }

    @Override
    public void sync() throws IOException {
        settle();
        file.sync();
    }

    @Override
    public void close() throws IOException {
        // What failed was thrown to who wanted the file durable; nobody else needs to know.
        syncing.handle((done, failure) -> true).join();
        file.close();
    }
}
