package io.modelward.gateway.predict;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ServedVersion;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.RouteTable;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.Predictions;
import io.modelward.store.prediction.DecisionRecord;
import io.modelward.store.prediction.PredictionLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The predict path: check against the contract, read the current snapshot, take its model, compute, record, answer. No database, no
 * lock, no blocking.
 */
public final class Predictor {

    private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);
    private static final byte ACTIVE = 0;
    private static final byte PYTHON_WORKER = 1;

    private final RouteTable table;
    private final PredictionLog log;
    private final InstantSource clock;
    private final ServingMetrics metrics;

    public Predictor(RouteTable table, PredictionLog log, InstantSource clock, ServingMetrics metrics) {
        this.table = table;
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** What is known of a request from its admission on. */
    private record Admitted(EndpointSnapshot snapshot, Instances instances, byte[] body, Instant time, long start) {}

    /**
     * Predicts. A request that is not admitted (no such endpoint, breaks the contract) throws at once and is not recorded; of an admitted
     * one the failure carries prediction id, version and digest.
     *
     * @param body {@code {"instances": [row, …]}}
     */
    public CompletableFuture<Prediction> predict(String endpoint, byte[] body) {
        long start = System.nanoTime();
        Instant time = clock.instant();
        EndpointSnapshot snapshot = table.get(endpoint);
        if (snapshot == null) {
            metrics.rejected(ServingMetrics.NO_ENDPOINT, ProblemType.NOT_FOUND.status());
            throw ProblemException.notFound("There is no endpoint of this name.");
        }
        Contract contract = snapshot.contract();
        Instances instances = read(snapshot, body);
        while (!snapshot.active().lease().acquire()) {
            // Retired between the read of the snapshot and now: a newer one is in place.
            snapshot = java.util.Objects.requireNonNull(table.get(endpoint));
            if (snapshot.contract() != contract) {
                contract = snapshot.contract();
                instances = read(snapshot, body);
            }
        }
        Admitted admitted = new Admitted(snapshot, instances, body, time, start);
        try {
            return snapshot.active()
                    .running()
                    .predict(instances)
                    .handle((predictions, failure) -> finish(admitted, predictions, failure));
        } catch (RuntimeException failure) {
            snapshot.active().lease().release();
            throw failure;
        }
    }

    private Instances read(EndpointSnapshot snapshot, byte[] body) {
        try {
            return snapshot.contract().read(body);
        } catch (ProblemException refused) {
            metrics.rejected(snapshot.endpoint(), refused.problem().type().status());
            throw refused;
        }
    }

    private Prediction finish(Admitted admitted, @Nullable Predictions predictions, @Nullable Throwable failure) {
        try {
            if (predictions != null) {
                JsonBytes json = new JsonBytes();
                predictions.write(json);
                byte[] answer = json.toArray();
                PredictionLog.Claim claim = record(admitted, 200, Optional.of(Digest.of(answer)));
                return new Prediction(claim.id(), admitted.snapshot().active().version(), answer, claim.kept());
            }
            throw failed(admitted, problem(failure));
        } catch (ProblemException notFinite) {
            throw notFinite.problem().extra().containsKey("prediction_id")
                    ? notFinite
                    : failed(admitted, notFinite.problem());
        } finally {
            admitted.snapshot().active().lease().release();
        }
    }

    private ProblemException failed(Admitted admitted, Problem problem) {
        PredictionLog.Claim claim = record(admitted, problem.type().status(), Optional.empty());
        ServedVersion version = admitted.snapshot().active().version();
        Problem told = problem.with("prediction_id", claim.id().toString())
                .with("model", version.model().toString())
                .with("model_version", version.version().toString())
                .with("digest", version.digest().toString());
        return (claim.kept() ? told : told.with("logged", false)).exception();
    }

    private PredictionLog.Claim record(Admitted admitted, int status, Optional<Digest> output) {
        PredictionLog.Claim claim = log.claim();
        EndpointSnapshot snapshot = admitted.snapshot();
        long nanos = System.nanoTime() - admitted.start();
        snapshot.metrics().record(status, nanos);
        claim.write(new DecisionRecord(
                admitted.time(),
                snapshot.number(),
                snapshot.route().revision(),
                ACTIVE,
                PYTHON_WORKER,
                status,
                TimeUnit.NANOSECONDS.toMicros(nanos),
                admitted.instances().rows(),
                snapshot.active().version().digest(),
                Digest.of(admitted.body()),
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
