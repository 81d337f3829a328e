package io.modelward.server.http;

import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Takes in a body that is needed as a whole. Memory is taken as the bytes arrive, not as they are announced, and the
 * body must arrive in time: who sends slowly, or announces much and sends nothing, does not hold memory that others
 * need.
 */
final class BodyReader implements Runnable {

    private static final int FIRST = 8 << 10;
    /** The time that every body has. */
    private static final long GRACE_MILLIS = 10_000;
    /** The time of a small one: many that stop before their end must not keep small requests out for long. */
    private static final long SMALL_GRACE_MILLIS = 3_000;
    /** A second more for each of these. */
    private static final int BYTES_PER_SECOND = 512 << 10;

    private final Request request;
    private final int most;
    private final Reservation memory;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private byte[] bytes = new byte[0];
    private int count;

    private BodyReader(Request request, int most, Reservation memory) {
        this.request = request;
        this.most = most;
        this.memory = memory;
    }

    /**
     * Reads without blocking. The future is completed by the thread that read the last bytes.
     *
     * @param most in bytes
     * @return fails with a {@link ProblemException}: TOO_LARGE, OVERLOADED, REQUEST_TIMEOUT, INVALID when the body
     *     breaks off
     */
    static CompletableFuture<byte[]> read(Request request, int most, Reservation memory) {
        BodyReader reader = new BodyReader(request, most, memory);
        if (request.getLength() > most) {
            reader.body.completeExceptionally(tooLarge(most));
            return reader.body;
        }
        try {
            memory.expect(Math.max(0, request.getLength()));
        } catch (ProblemException full) {
            reader.body.completeExceptionally(full);
            return reader.body;
        }
        reader.run();
        if (!reader.body.isDone()) {
            long announced = request.getLength() < 0 ? most : request.getLength();
            Scheduler.Task limit = request.getComponents()
                    .getScheduler()
                    .schedule(
                            () -> reader.body.completeExceptionally(late()),
                            (announced <= RequestMemory.SMALL ? SMALL_GRACE_MILLIS : GRACE_MILLIS)
                                    + announced * 1000 / BYTES_PER_SECOND,
                            TimeUnit.MILLISECONDS);
            var _ = reader.body.whenComplete((done, failure) -> limit.cancel());
        }
        return reader.body;
    }

    @Override
    public void run() {
        try {
            while (!body.isDone()) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    body.completeExceptionally(brokenOff(chunk.getFailure()));
                    return;
                }
                try {
                    take(chunk.getByteBuffer());
                } finally {
                    chunk.release();
                }
                if (chunk.isLast()) {
                    body.complete(count == bytes.length ? bytes : Arrays.copyOf(bytes, count));
                }
            }
        } catch (RuntimeException failure) {
            body.completeExceptionally(failure);
        }
    }

    private void take(ByteBuffer more) {
        int size = more.remaining();
        if (size > most - count) {
            throw tooLarge(most);
        }
        if (size > bytes.length - count) {
            // Few steps, since each copies what is there; none far ahead of what has arrived.
            int announced = request.getLength() < 0 ? most : (int) request.getLength();
            int next = Math.max(count + size, (int) Math.min(announced, Math.max(FIRST, 4L * count)));
            memory.grow(next - bytes.length);
            bytes = Arrays.copyOf(bytes, next);
        }
        more.get(bytes, count, size);
        count += size;
    }

    /** What the end of a body that has not arrived as a whole means for its sender. */
    static ProblemException brokenOff(Throwable failure) {
        return failure instanceof java.util.concurrent.TimeoutException
                ? late()
                : Problem.of(ProblemType.INVALID, "The body broke off before all of it had arrived. Send it again.")
                        .exception();
    }

    static ProblemException late() {
        return Problem.of(
                        ProblemType.REQUEST_TIMEOUT, "The body did not arrive in time. Send it again, without pauses.")
                .exception();
    }

    private static ProblemException tooLarge(int most) {
        return Problem.of(ProblemType.TOO_LARGE, "The body has at most " + (most >> 20) + " MiB here.")
                .exception();
    }
}
