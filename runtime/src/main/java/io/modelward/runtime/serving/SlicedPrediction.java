package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A large request that is computed slice by slice. The next slice is queued when the one before has its answer, behind
 * whatever arrived meanwhile: so a caller with a million rows does not hold up a caller with one, and neither the pipe
 * nor the worker ever holds more than a slice. Only for models whose answers do not depend on the rows that are
 * computed together.
 */
final class SlicedPrediction {

    static final int MOST_ROWS = 4096;
    private static final long MOST_BYTES = 4 << 20;

    private final Instances whole;
    private final int rowsPerSlice;
    private final Function<Instances, CompletableFuture<Predictions>> queue;
    private final List<Predictions> parts = new ArrayList<>();
    private final CompletableFuture<Predictions> answer = new CompletableFuture<>();

    private SlicedPrediction(
            Instances whole, int rowsPerSlice, Function<Instances, CompletableFuture<Predictions>> queue) {
        this.whole = whole;
        this.rowsPerSlice = rowsPerSlice;
        this.queue = queue;
    }

    static boolean isLarge(Instances instances) {
        return instances.rows() > MOST_ROWS || (instances.bytes() > MOST_BYTES && instances.rows() > 1);
    }

    /**
     * Begins.
     *
     * @param queue queues one slice; after a slice that failed, no further one is queued
     */
    static CompletableFuture<Predictions> start(
            Instances whole, Function<Instances, CompletableFuture<Predictions>> queue) {
        return start(whole, MOST_ROWS, queue);
    }

    /** As the other, with at most so many rows in a slice. */
    static CompletableFuture<Predictions> start(
            Instances whole, int mostRows, Function<Instances, CompletableFuture<Predictions>> queue) {
        long bytesPerRow = Math.max(1, whole.bytes() / whole.rows());
        int rows = (int) Math.max(1, Math.min(mostRows, MOST_BYTES / bytesPerRow));
        SlicedPrediction sliced = new SlicedPrediction(whole, rows, queue);
        sliced.next(0);
        return sliced.answer;
    }

    private void next(int from) {
        int to = Math.min(whole.rows(), from + rowsPerSlice);
        var _ = queue.apply(whole.slice(from, to)).whenComplete((predictions, failure) -> {
            try {
                arrived(to, predictions, failure);
            } catch (RuntimeException unexpected) {
                answer.completeExceptionally(unexpected);
            }
        });
    }

    private void arrived(int to, @Nullable Predictions predictions, @Nullable Throwable failure) {
        if (predictions == null) {
            answer.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
            return;
        }
        parts.add(predictions);
        if (to < whole.rows()) {
            next(to);
        } else {
            answer.complete(joined());
        }
    }

    private Predictions joined() {
        int[] ends = new int[parts.size()];
        int[] from = new int[parts.size()];
        int rows = 0;
        int together = 0;
        for (int i = 0; i < ends.length; i++) {
            rows += parts.get(i).rows();
            ends[i] = rows;
            from[i] = parts.get(i).from();
            together = Math.max(together, parts.get(i).batchRequests());
        }
        List<String> names = names(parts.getFirst());
        for (Predictions part : parts) {
            if (!names(part).equals(names)) {
                throw Problem.of(
                                ProblemType.MODEL_FAILED,
                                "The model answered some rows with other columns than others. Each row needs the"
                                        + " same columns.")
                        .with("error", "InvalidOutput")
                        .exception();
            }
        }
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            columns.add(new OutputColumn.Joined(
                    names.get(i),
                    parts.stream().map(part -> part.columns().get(index)).toList(),
                    from,
                    ends));
        }
        return new Predictions(columns, 0, rows, together);
    }

    private static List<String> names(Predictions predictions) {
        return predictions.columns().stream().map(OutputColumn::quotedName).toList();
    }
}
