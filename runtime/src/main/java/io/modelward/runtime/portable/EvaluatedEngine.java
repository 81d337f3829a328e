package io.modelward.runtime.portable;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.evaluator.rows.ColumnKinds;
import io.modelward.evaluator.value.Refused;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.serving.ConcurrentEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version that the server evaluates itself. */
public final class EvaluatedEngine implements ConcurrentEngine {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluatedEngine.class);
    private static final int SPEED_ROUNDS = 300;

    private final EvaluatorMemory.Place place;
    private final RowCost cost;
    /** The request of which parts are asked; null when whole requests are. */
    private final @Nullable Instances whole;

    private volatile @Nullable Kinds kinds;

    /** The kinds of the columns of the whole request, or why the model raises for them. */
    private record Kinds(
            @Nullable Map<String, ColumnKinds> byName,
            @Nullable Refused refused) {}

    /** @param cost of a row, as it was measured before */
    EvaluatedEngine(EvaluatorMemory.Place place, RowCost cost) {
        this(place, cost, null);
    }

    private EvaluatedEngine(EvaluatorMemory.Place place, RowCost cost, @Nullable Instances whole) {
        this.place = place;
        this.cost = cost;
        this.whole = whole;
    }

    @Override
    public ConcurrentEngine forPartsOf(Instances request) {
        return request instanceof Instances.Matrix ? this : new EvaluatedEngine(place, cost, request);
    }

    @Override
    public boolean isAtHand() {
        return place.now() != null;
    }

    @Override
    public Result answer(Instances instances, List<String> outputs) {
        try {
            EvaluatorMemory.Ready ready = place.get();
            return answer(ready, instances, whole == null ? null : kinds(ready, whole));
        } catch (IOException gone) {
            LOG.error("a version that was evaluated cannot be any more: {}", gone.toString());
            return new Result.Raised(
                    "EvaluatorError", "its form cannot be read; move the endpoint, or start the server again");
        }
    }

    /** The first part finds them, and the others take them. */
    private Kinds kinds(EvaluatorMemory.Ready ready, Instances request) {
        Kinds found = kinds;
        if (found == null) {
            try {
                found = new Kinds(ready.rows().kinds(request), null);
            } catch (Refused refused) {
                found = new Kinds(null, refused);
            }
            kinds = found;
        }
        return found;
    }

    /** Evaluates, without a place in memory. */
    static Result answer(EvaluatorMemory.Ready ready, Instances instances) {
        return answer(ready, instances, null);
    }

    private static Result answer(EvaluatorMemory.Ready ready, Instances instances, @Nullable Kinds kinds) {
        try {
            if (kinds != null && kinds.refused() != null) {
                throw kinds.refused();
            }
            FormRows rows = ready.rows();
            return new Result.Answered(new Predictions(
                    ready.columns()
                            .of(ready.evaluator()
                                    .answer(
                                            kinds == null
                                                    ? rows.value(instances)
                                                    : rows.value(instances, kinds.byName()))),
                    0,
                    instances.rows(),
                    1));
        } catch (Refused refused) {
            return new Result.Raised(refused.error(), refused.message());
        } catch (RuntimeException unexpected) {
            // The message may hold values of the caller.
            LOG.debug("a form could not be evaluated", unexpected);
            return new Result.Raised("EvaluatorError", "the rows cannot be evaluated");
        }
    }

    @Override
    public List<Result> compute(List<Instances> requests, List<String> outputs) {
        List<Result> results = new ArrayList<>(requests.size());
        for (Instances request : requests) {
            results.add(answer(request, outputs));
        }
        return results;
    }

    /**
     * What a row takes on one thread, in nanoseconds, once the code is warm. A row that is refused tells little, so that
     * a row is then said to take a nanosecond for each elementary step.
     */
    static long measure(EvaluatorMemory.Ready ready, Instances sample) {
        Instances one = sample.slice(0, 1);
        if (!(answer(ready, one) instanceof Result.Answered)) {
            return Math.max(1, ready.evaluator().work());
        }
        long best = Long.MAX_VALUE;
        for (int i = 0; i < SPEED_ROUNDS && best > 0; i++) {
            long start = System.nanoTime();
            answer(ready, one);
            best = Math.min(best, System.nanoTime() - start);
            if (best > 1_000_000) {
                break;
            }
        }
        return Math.max(1, best);
    }

    @Override
    public long nanosPerRow() {
        return cost.nanos();
    }

    @Override
    public long bytesPerRow() {
        return cost.bytes();
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    /** The evaluator computes each row by itself. */
    @Override
    public boolean computesRowsAlike(Instances instances) {
        return true;
    }

    @Override
    public void kill() {}

    @Override
    public String lastWords(Exception died) {
        return "it is evaluated in the server, which cannot end before the server does";
    }

    @Override
    public ProblemException lost(Exception died) {
        return Problem.of(ProblemType.MODEL_FAILED, "The model could not be evaluated.")
                .with("error", "EvaluatorError")
                .exception();
    }

    @Override
    public void close() {
        place.close();
    }
}
