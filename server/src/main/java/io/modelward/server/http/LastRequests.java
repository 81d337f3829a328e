package io.modelward.server.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Notes when requests begin, so that a stop can wait for those that were sent before it: on a busy machine such a
 * request may still be on its way through the system when the server is told to stop.
 */
final class LastRequests extends Handler.Wrapper {

    /** When none has begun for so long, none is on its way. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(100);
    /** Callers who go on asking do not keep the server from stopping. */
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(600);

    private volatile long last;

    LastRequests(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        last = System.nanoTime();
        return super.handle(request, response, callback);
    }

    /** Waits until no request has begun for a moment; requests are taken meanwhile. */
    void awaitQuiet() {
        long start = System.nanoTime();
        last = start;
        try {
            for (long now = start; now - last < QUIET && now - start < LONGEST; now = System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(QUIET - (now - last));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
