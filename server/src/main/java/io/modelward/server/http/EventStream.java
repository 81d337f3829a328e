package io.modelward.server.http;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events on their way to one caller. The answer begins with the first event or comment; until then a
 * problem may still be answered. That a caller is gone shows only in a write: send a {@link #comment} from time to
 * time.
 */
public final class EventStream {

    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n]+");

    private final Exchange exchange;
    private final CountDownLatch closing;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;
    private volatile boolean broken;

    /** @param closing reaches zero when the server stops */
    EventStream(Exchange exchange, CountDownLatch closing) {
        this.exchange = exchange;
        this.closing = closing;
    }

    /**
     * Sends an event and waits until it is written, so that a slow caller slows its sender and fills no memory.
     *
     * @param name one line
     * @throws IOException when the caller is gone, has read nothing for a minute, or the server stops: let it end the
     *     action
     */
    public void event(String name, JsonNode data) throws IOException {
        if (LINE_ENDS.matcher(name).find()) {
            throw new IllegalArgumentException("an event's name is one line");
        }
        write("event: " + name + "\ndata: " + Json.write(data) + "\n\n");
    }

    /** Sends what callers pass over, to keep the connection open and to find out whether anybody listens. */
    public void comment(String text) throws IOException {
        write(": " + LINE_ENDS.matcher(text).replaceAll(" ") + "\n\n");
    }

    /** Whether the server stops: end the action. */
    public boolean closing() {
        return closing.getCount() == 0;
    }

    /** Waits between events; answers false, at once, when the server stops. */
    public boolean pause(Duration time) throws InterruptedException {
        return !closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void write(String text) throws IOException {
        if (closing()) {
            throw new IOException("the server is stopping");
        }
        begin();
        try {
            Content.Sink.write(exchange.response(), false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException failure) {
            broken = true;
            throw failure instanceof IOException gone ? gone : new IOException(failure);
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            HttpFields.Mutable headers = exchange.response().getHeaders();
            exchange.response().setStatus(200);
            headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
            // nginx would otherwise keep events back until its buffer is full.
            headers.put("X-Accel-Buffering", "no");
        }
    }

    /** The action has returned. */
    void end() {
        if (over.compareAndSet(false, true)) {
            begin();
            exchange.callback().succeeded();
        }
        ended.countDown();
    }

    /** The action has thrown. */
    void end(Throwable failure) {
        if (over.compareAndSet(false, true)) {
            if (broken) {
                exchange.callback().failed(failure);
            } else if (!begun) {
                exchange.fail(closing() ? stopping() : failure);
            } else if (closing()) {
                exchange.callback().succeeded();
            } else {
                // Logs what is no problem; the answer has begun, so it can only be cut.
                Problems.of(failure);
                exchange.callback().failed(failure);
            }
        }
        ended.countDown();
    }

    /** Ends it from outside, in the middle of whatever the action does. */
    void cut() {
        if (over.compareAndSet(false, true)) {
            broken = true;
            exchange.callback().failed(new IOException("the server is stopping"));
        }
    }

    /** Waits for the action's end. */
    boolean ended(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    static ProblemException stopping() {
        return Problem.of(ProblemType.UNAVAILABLE, "The server is stopping. Try again.")
                .with("retry_after", 1)
                .exception();
    }
}
