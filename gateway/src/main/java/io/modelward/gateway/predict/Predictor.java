package io.modelward.gateway.predict;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.digest.Digest;
import io.modelward.core.memory.Reservation;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.predict.Prediction.PredictionsJson;
import io.modelward.gateway.route.RouteTable;
import io.modelward.runtime.Predictions;
import io.modelward.store.prediction.PredictionLog;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The predict path: check against the contract, read the current snapshot, take its model, compute, record, answer. No
 * database, no lock, no blocking.
 */
public final class Predictor {

    private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);
    /** How often the text of a row may be held at a time while it is written and checked. */
    private static final int ROW_COPIES = 3;

    private final Access access;
    private final RouteTable table;
    private final PredictionLog log;
    private final InstantSource clock;
    private final ServingMetrics metrics;
    private final Executor finishers;

    /** @param finishers check and write large answers, so that the thread that feeds a model goes on feeding it */
    public Predictor(
            Access access,
            RouteTable table,
            PredictionLog log,
            InstantSource clock,
            ServingMetrics metrics,
            Executor finishers) {
        this.access = access;
        this.table = table;
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
        this.finishers = finishers;
    }

    /**
     * Predicts. A request that is not admitted (no such endpoint, breaks the contract) throws at once and is not
     * recorded; of an admitted one the failure carries prediction id, version and digest. One that waits for a
     * candidate whose traffic is taken away is answered by the active version instead.
     */
    public CompletableFuture<Prediction> predict(PredictRequest request) {
        access.require(Action.PREDICT, new Resource.Endpoint(request.endpoint()));
        long start = System.nanoTime();
        AdmittedRequest admitted = AdmittedRequest.of(table, request, metrics, clock.instant(), start);
        CompletableFuture<Prediction> answer = new CompletableFuture<>();
        Optional<TrafficSplit> split = admitted.split();
        if (split.isEmpty()) {
            ask(admitted, answer);
        } else {
            askCandidate(admitted, split.get(), answer);
        }
        return answer;
    }

    private void ask(AdmittedRequest admitted, CompletableFuture<Prediction> answer) {
        var _ = compute(admitted)
                .whenComplete((predictions, failure) -> finish(admitted, predictions, failure, answer));
    }

    /**
     * Either the candidate answers, or its traffic is taken away first and the active version is asked; whichever comes
     * first decides.
     */
    private void askCandidate(AdmittedRequest admitted, TrafficSplit split, CompletableFuture<Prediction> answer) {
        AtomicBoolean decided = new AtomicBoolean();
        CompletableFuture<Predictions> computing = compute(admitted);
        Runnable redirect = () -> {
            if (decided.compareAndSet(false, true)) {
                redirect(admitted, answer);
            }
        };
        split.waits(redirect);
        var _ = computing.whenComplete((predictions, failure) -> {
            split.arrived(redirect);
            if (decided.compareAndSet(false, true)) {
                finish(admitted, predictions, failure, answer);
            }
        });
    }

    /** Asks the version that is active now instead, for a request whose candidate is gone. */
    private void redirect(AdmittedRequest admitted, CompletableFuture<Prediction> answer) {
        admitted.tell(false, admitted.nanos());
        admitted.arm().metrics().redirected(admitted.nanos());
        try {
            ask(admitted.redirected(table), answer);
        } catch (RuntimeException refused) {
            answer.completeExceptionally(refused);
        }
    }

    /** Asks the arm's model; the use of the model ends when the model has answered, whatever becomes of the request. */
    private static CompletableFuture<Predictions> compute(AdmittedRequest admitted) {
        try {
            return admitted.use()
                    .running()
                    .predict(
                            admitted.rows().instances(),
                            admitted.rows().outputs(),
                            bytes -> take(admitted.request().answer(), bytes))
                    .whenComplete((predictions, failure) -> admitted.release());
        } catch (RuntimeException failure) {
            admitted.tell(false, admitted.nanos());
            admitted.release();
            throw failure;
        }
    }

    /** Ends a request with the answer of its model: at once, or on a thread for large answers. */
    private void finish(
            AdmittedRequest admitted,
            @Nullable Predictions predictions,
            @Nullable Throwable failure,
            CompletableFuture<Prediction> answer) {
        Runnable end = () -> {
            Prediction prediction;
            try {
                prediction = end(admitted, predictions, failure);
            } catch (Throwable failed) {
                answer.completeExceptionally(failed);
                return;
            }
            answer.complete(prediction);
        };
        if (predictions == null || PredictionsJson.isSmall(predictions)) {
            end.run();
        } else {
            try {
                finishers.execute(end);
            } catch (RejectedExecutionException stopping) {
                end.run();
            }
        }
    }

    private Prediction end(AdmittedRequest admitted, @Nullable Predictions predictions, @Nullable Throwable failure) {
        boolean ok = false;
        try {
            if (predictions == null) {
                throw failed(admitted, problem(failure));
            }
            PredictionsJson answer;
            try {
                // A row is written and checked as a whole.
                Reservation memory = admitted.request().answer();
                take(memory, predictions.longestRow() * ROW_COPIES);
                admitted.snapshot()
                        .contract()
                        .checkAnswer(predictions, admitted.rows().outputs(), memory);
                answer = PredictionsJson.of(predictions);
            } catch (ProblemException invalid) {
                throw failed(admitted, told(invalid.problem()));
            }
            PredictionLog.Claim claim = record(admitted, 200, Optional.of(answer.digest()));
            ok = true;
            return new Prediction(claim.id(), admitted.version(), answer, claim.kept());
        } finally {
            admitted.tell(ok, admitted.armNanos());
        }
    }

    private static void take(Reservation answer, long bytes) {
        try {
            answer.grow(bytes);
        } catch (ProblemException refused) {
            throw told(refused.problem()).exception();
        }
    }

    /** That the answer finds no memory is nothing that the caller's body did. */
    private static Problem told(Problem problem) {
        return switch (problem.type()) {
            case TOO_LARGE ->
                Problem.of(
                                ProblemType.MODEL_FAILED,
                                "The model's answer is larger than what the server can hold. Send fewer instances.")
                        .with("error", "AnswerTooLarge");
            case OVERLOADED ->
                Problem.of(
                                ProblemType.OVERLOADED,
                                "Other answers hold the memory that this one needs. Send the request again in"
                                        + " a moment.")
                        .with("retry_after", 1);
            default -> problem;
        };
    }

    private ProblemException failed(AdmittedRequest admitted, Problem problem) {
        PredictionLog.Claim claim = record(admitted, problem.type().status(), Optional.empty());
        ServableVersion version = admitted.version();
        Problem told = problem.with("prediction_id", claim.id().toString())
                .with("model", version.model().toString())
                .with("model_version", version.version().toString())
                .with("digest", version.digest().toString());
        return (claim.kept() ? told : told.with("logged", false)).exception();
    }

    // A decision record keeps the role as its number.
    @SuppressWarnings("EnumOrdinal")
    private PredictionLog.Claim record(AdmittedRequest admitted, int status, Optional<Digest> output) {
        PredictionLog.Claim claim = log.claim();
        admitted.arm().metrics().record(status, admitted.armNanos());
        claim.write(new DecisionRecord(
                admitted.time(),
                admitted.snapshot().number(),
                admitted.snapshot().route().revision(),
                (byte) admitted.role().ordinal(),
                admitted.use().running().info().kind().number(),
                status,
                TimeUnit.NANOSECONDS.toMicros(admitted.nanos()),
                admitted.rows().instances().rows(),
                admitted.version().digest(),
                admitted.request().input(),
                output));
        return claim;
    }

    private static Problem problem(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof ProblemException known) {
            return known.problem();
        }
        LOG.error("a prediction failed unexpectedly", cause);
        return Problem.of(ProblemType.INTERNAL, "The prediction failed for a reason that the server's log names.");
    }
}
