package io.modelward.runtime.serving;

import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The requests of one version in an engine of the server. What costs little is computed at once, on the caller's
 * thread; the rest in slices on the compute pool.
 */
final class DirectAnswers {

    /** What a thread of a connection may spend on one request. */
    private static final long AT_ONCE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** About the time of one slice: long enough to be worth its turn, short enough for others to wait. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** What the values of a slice may take while they are computed. */
    private static final long SLICE_BYTES = 4 << 20;

    private final ConcurrentEngine engine;
    private final ModelHost host;

    DirectAnswers(ConcurrentEngine engine, ModelHost host) {
        this.engine = engine;
        this.host = host;
    }

    /** As {@link io.modelward.runtime.RunningModel#predict}. */
    CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken) {
        long perRow = Math.max(1, engine.nanosPerRow());
        if (!outputs.isEmpty()) {
            return CompletableFuture.failedFuture(ProblemException.refused("outputs", "The model has no such output."));
        }
        if (instances.rows() * perRow <= AT_ONCE_NANOS
                && instances.rows() * engine.bytesPerRow() <= SLICE_BYTES
                && engine.isAtHand()) {
            CompletableFuture<Predictions> answer = new CompletableFuture<>();
            end(engine, new QueuedRequest(instances, outputs, 0, taken, answer));
            return answer;
        }
        long deadline = host.deadlines().next();
        long inTime = Math.min(SLICE_NANOS / perRow, SLICE_BYTES / Math.max(1, engine.bytesPerRow()));
        int rows = Math.clamp(inTime, 1, SlicedPrediction.MOST_ROWS);
        if (instances.rows() <= rows && !SlicedPrediction.isLarge(instances)) {
            return queue(engine, instances, outputs, deadline, taken);
        }
        ConcurrentEngine forParts = engine.forPartsOf(instances);
        return SlicedPrediction.start(instances, rows, slice -> queue(forParts, slice, outputs, deadline, taken));
    }

    /** For requests that came while the version was loading. */
    void queue(QueuedRequest request) {
        queue(engine, request);
    }

    private void queue(ConcurrentEngine by, QueuedRequest request) {
        if (!host.compute().offer(this, request.instances().bytes(), () -> end(by, request))) {
            request.answer().completeExceptionally(ServingProblems.overloaded(TimeUnit.SECONDS.toNanos(1)));
        }
    }

    private CompletableFuture<Predictions> queue(
            ConcurrentEngine by, Instances instances, List<String> outputs, long deadline, LongConsumer taken) {
        QueuedRequest request = new QueuedRequest(instances, outputs, deadline, taken, new CompletableFuture<>());
        host.deadlines().watch(request);
        queue(by, request);
        return request.answer();
    }

    private static void end(ConcurrentEngine by, QueuedRequest request) {
        if (request.over()) {
            return;
        }
        try {
            Engine.Result result = by.answer(request.instances(), request.outputs());
            BatchEnds.of(List.of(request), List.of(result)).all().getFirst().run();
        } catch (RuntimeException | Error unexpected) {
            request.answer().completeExceptionally(unexpected);
            if (unexpected instanceof Error error) {
                throw error;
            }
        }
    }
}
