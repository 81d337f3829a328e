package io.modelward.server.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The event streams that are open. A stop waits for requests in flight, and a stream lasts as long as its caller
 * listens: so the streams are ended first.
 */
final class Streams {

    /** How long a handler has to notice by itself, nanoseconds. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

    private final Executor virtualThreads;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    Streams(Executor virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    void start(RouteHandler.Stream handler, Exchange exchange) {
        virtualThreads.execute(() -> exchange.asCaller(() -> run(handler, exchange)));
    }

    private void run(RouteHandler.Stream handler, Exchange exchange) {
        EventStream stream = new EventStream(exchange, closing);
        open.add(stream);
        try {
            if (stream.closing()) {
                throw EventStream.stopping();
            }
            // A HEAD asks for what a GET would begin with, and that is the same for all streams.
            if (!exchange.request().getMethod().equals("HEAD")) {
                handler.handle(exchange, stream);
            }
            stream.end();
        } catch (Throwable failure) {
            stream.end(failure);
        } finally {
            open.remove(stream);
        }
    }

    /** Ends all, within about {@link #GRACE}; one that is asked for from now on is refused. */
    void close() {
        closing.countDown();
        long until = System.nanoTime() + GRACE;
        try {
            for (EventStream stream : open) {
                if (!stream.ended(until - System.nanoTime())) {
                    stream.cut();
                }
            }
        } catch (InterruptedException interrupted) {
            open.forEach(EventStream::cut);
            Thread.currentThread().interrupt();
        }
    }
}
