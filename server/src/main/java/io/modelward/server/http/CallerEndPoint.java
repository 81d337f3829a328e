package io.modelward.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connection that knows how long the caller takes. Jetty's own limit is on silence: a caller who sends or
 * takes one byte a minute is never silent.
 */
final class CallerEndPoint extends SocketChannelEndPoint {

    /** For the handshake of TLS, and again for the line and the headers of each request. */
    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long an answer may wait for its caller before the caller has to have taken something. */
    private static final long PATIENCE_SECONDS = 60;
    /** The same when many answers wait, since each may hold a buffer. */
    private static final long CROWDED_SECONDS = 5;
    /** What a caller takes at least of an answer in each second of that time. */
    private static final long BYTES_PER_SECOND = 1 << 10;

    /** When the bytes of a request began to come that is not handled yet; 0: none did. */
    private volatile long headSince;

    private volatile boolean handling;
    /** Since when the caller has not taken all that there was to send; 0: all is sent. */
    private final AtomicLong blockedSince = new AtomicLong();

    private volatile long sent;
    private volatile long sentBefore;

    CallerEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    /** The connection that a request came by. */
    static @Nullable CallerEndPoint of(Request request) {
        return of(request.getConnectionMetaData().getConnection().getEndPoint());
    }

    static @Nullable CallerEndPoint of(EndPoint endPoint) {
        EndPoint inner = endPoint;
        while (inner instanceof EndPoint.Wrapper wrapper) {
            inner = wrapper.unwrap();
        }
        return inner instanceof CallerEndPoint caller ? caller : null;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int read = super.fill(buffer);
        if (read > 0 && !handling && headSince == 0) {
            headSince = System.nanoTime() | 1;
        }
        return read;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long before = remaining(buffers);
        boolean all = super.flush(buffers);
        // Only the one thread that flushes writes it.
        @SuppressWarnings("NonAtomicVolatileUpdate")
        long now = sent + before - remaining(buffers);
        sent = now;
        if (all) {
            blockedSince.set(0);
        } else if (blockedSince.get() == 0) {
            sentBefore = now;
            blockedSince.set(System.nanoTime() | 1);
        }
        return all;
    }

    private static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** The headers of a request are there; what comes until its end has limits of its own. */
    void begun() {
        handling = true;
        headSince = 0;
    }

    /** A request, or the handshake, has ended: the next bytes begin something. */
    void ended() {
        headSince = 0;
        handling = false;
    }

    /** Whether an answer has waited for its caller for some seconds. */
    boolean holdsUp(long now) {
        long blocked = blockedSince.get();
        return blocked != 0 && now - blocked > TimeUnit.SECONDS.toNanos(CROWDED_SECONDS);
    }

    /**
     * Whether the caller takes too long; to be asked from time to time.
     *
     * @param crowded whether many callers hold up their answers
     */
    boolean tooSlow(long now, boolean crowded) {
        long head = headSince;
        if (head != 0 && now - head > HEAD_NANOS) {
            return true;
        }
        long seconds = crowded ? CROWDED_SECONDS : PATIENCE_SECONDS;
        long blocked = blockedSince.get();
        if (blocked == 0 || now - blocked <= TimeUnit.SECONDS.toNanos(seconds)) {
            return false;
        }
        long taken = sent;
        if (taken - sentBefore < seconds * BYTES_PER_SECOND) {
            return true;
        }
        if (blockedSince.compareAndSet(blocked, now | 1)) {
            sentBefore = taken;
        }
        return false;
    }
}
