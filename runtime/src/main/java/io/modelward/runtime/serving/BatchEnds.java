package io.modelward.runtime.serving;

import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/**
 * What ends the requests of a batch that is computed.
 *
 * @param all one for each request, to be run once
 * @param bytes of all answers
 */
record BatchEnds(List<Runnable> all, long bytes) {

    static final BatchEnds NONE = new BatchEnds(List.of(), 0);

    private static final int FEW = 16;
    /** In bytes of columns, the most that a few answers have together. */
    private static final long SMALL = 4 << 10;

    static BatchEnds of(List<QueuedRequest> batch, List<Engine.Result> results) {
        List<Runnable> ends = new ArrayList<>(batch.size());
        long bytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            Engine.Result result = results.get(i);
            ends.add(end(batch.get(i), result));
            if (result instanceof Engine.Result.Answered answered) {
                bytes += answered.predictions().bytes();
            }
        }
        return new BatchEnds(ends, bytes);
    }

    /** Whether to run them takes less time than to wake a thread. */
    boolean areFew() {
        return all.size() <= FEW && bytes <= SMALL;
    }

    /** Ends a request. The memory of its answer is counted here, before the engine makes the next answers. */
    private static Runnable end(QueuedRequest request, Engine.Result result) {
        return switch (result) {
            case Engine.Result.Raised raised ->
                () -> request.answer().completeExceptionally(ServingProblems.raised(raised));
            case Engine.Result.Unfit(String why) ->
                () -> request.answer()
                        .completeExceptionally(ProblemException.refused(
                                "instances", "The model does not take these rows: " + why + "."));
            case Engine.Result.Answered answered -> {
                try {
                    if (!request.over()) {
                        request.taken().accept(answered.predictions().bytes());
                    }
                    yield () -> request.answer().complete(answered.predictions());
                } catch (RuntimeException refused) {
                    yield () -> request.answer().completeExceptionally(refused);
                }
            }
        };
    }
}
