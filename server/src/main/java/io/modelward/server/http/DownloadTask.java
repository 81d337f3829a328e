package io.modelward.server.http;

import io.modelward.registry.FileReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one file of any size. It holds a thread only while it reads and checks one piece, so that any number of slow
 * and fast readers share a few threads. What turns out to be damaged is a problem as long as nothing was sent; after
 * that the connection is cut before the last piece, so that nobody takes what came for the file.
 */
final class DownloadTask implements Runnable, Callback {

    private static final Logger LOG = LoggerFactory.getLogger(DownloadTask.class);

    private final Exchange exchange;
    private final FileReading bytes;
    private final Executor threads;
    private long left;

    DownloadTask(Exchange exchange, FileReading bytes, long length, Executor threads) {
        this.exchange = exchange;
        this.bytes = bytes;
        this.left = length;
        this.threads = threads;
    }

    @Override
    public void run() {
        try {
            if (!bytes.prove()) {
                threads.execute(this);
                return;
            }
            ByteBuffer piece = bytes.next();
            if (piece == null) {
                finish();
                return;
            }
            left -= piece.remaining();
            exchange.response().write(left == 0, piece, this);
        } catch (IOException | RuntimeException failure) {
            failed(failure);
        }
    }

    @Override
    public void succeeded() {
        if (left == 0) {
            close();
            exchange.callback().succeeded();
            return;
        }
        try {
            threads.execute(this);
        } catch (RuntimeException stopping) {
            failed(stopping);
        }
    }

    private void finish() {
        close();
        exchange.response().write(true, ByteBuffer.allocate(0), exchange.callback());
    }

    @Override
    public void failed(Throwable failure) {
        close();
        exchange.fail(failure);
    }

    private void close() {
        try {
            bytes.close();
        } catch (IOException failure) {
            LOG.warn("a file that was read could not be closed", failure);
        }
    }
}
