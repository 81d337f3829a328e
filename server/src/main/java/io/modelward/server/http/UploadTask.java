package io.modelward.server.http;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in one file of any size. It holds a thread only while there are bytes to hash and write, and gives way to other
 * uploads after each {@value #TURN} bytes, so that any number of slow and fast senders share a few threads.
 */
public final class UploadTask implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(UploadTask.class);
    private static final int TURN = 4 << 20;
    /** What a sender may wait in all, beside what the slowest rate allows. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** The slowest rate, 1 KiB a second. */
    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) >> 10;

    private final Exchange exchange;
    private final UploadSink upload;
    private final Executor hashers;
    private long arrived;
    /** Nanoseconds, until now, in which nothing was there to take. */
    private long waited;

    private UploadTask(Exchange exchange, UploadSink upload, Executor hashers) {
        this.exchange = exchange;
        this.upload = upload;
        this.hashers = hashers;
    }

    /**
     * Begins to take in the body, on the given threads, and answers when it has ended.
     *
     * @param hashers few platform threads: hashing must not take every core
     */
    public static void start(Exchange exchange, UploadSink.Start intake, Executor hashers) {
        hashers.execute(() -> {
            UploadSink upload;
            try {
                upload = exchange.callAsCaller(intake::begin);
            } catch (IOException | RuntimeException failure) {
                exchange.fail(failure);
                return;
            }
            new UploadTask(exchange, upload, hashers).run();
        });
    }

    @Override
    public void run() {
        try {
            long taken = 0;
            while (taken < TURN) {
                Content.Chunk chunk = exchange.request().read();
                if (chunk == null) {
                    waitForMore();
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    throw BodyReader.brokenOff(chunk.getFailure());
                }
                try {
                    taken += chunk.remaining();
                    arrived += chunk.remaining();
                    upload.write(chunk.getByteBuffer());
                } finally {
                    chunk.release();
                }
                if (chunk.isLast()) {
                    Reply reply = exchange.callAsCaller(upload::finish);
                    upload.close();
                    exchange.reply(reply);
                    return;
                }
            }
            hashers.execute(this);
        } catch (IOException | RuntimeException failure) {
            forget();
            exchange.fail(failure);
        }
    }

    /** Only the time counts in which the server waited for its caller, not the other way round. */
    private void waitForMore() {
        if (waited > GRACE_NANOS && arrived < (waited - GRACE_NANOS) / NANOS_PER_BYTE) {
            throw BodyReader.late();
        }
        long since = System.nanoTime();
        exchange.request().demand(() -> {
            waited += System.nanoTime() - since;
            hashers.execute(this);
        });
    }

    private void forget() {
        try {
            upload.close();
        } catch (IOException failure) {
            LOG.warn("an unfinished upload could not be removed now; the next start removes it");
        }
    }
}
