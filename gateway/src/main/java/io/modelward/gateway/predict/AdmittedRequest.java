package io.modelward.gateway.predict;

import io.modelward.core.access.Resource;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.route.ArmRole;
import io.modelward.core.search.Nearest;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.gateway.evidence.TrafficSplit.OutcomeListener;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.EndpointSnapshot.ServingArm;
import io.modelward.gateway.route.RouteTable;
import io.modelward.runtime.ModelInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request whose arm is chosen. The arm's model cannot end before {@link #release}, and what becomes of the request
 * will be counted.
 *
 * @param use of the arm's model
 * @param outcome where the end of the request is told as evidence
 * @param time of the request, wall clock
 * @param start of the request, monotonic nanoseconds
 * @param asked when the arm was asked: later than the start when another arm was asked before
 */
record AdmittedRequest(
        PredictRequest request,
        PredictRequest.Rows rows,
        EndpointSnapshot snapshot,
        ArmRole role,
        ServingArm arm,
        LoadedModel.Use use,
        OutcomeListener outcome,
        Instant time,
        long start,
        long asked) {

    /**
     * How often the snapshot is read again because what it holds ended meanwhile. Each round means that somebody moved
     * the endpoint between two reads.
     */
    private static final int ROUNDS = 100;

    /**
     * Admits a request. The snapshot is read once; only when its split or model ended between the read and now is it
     * read again.
     *
     * @throws ProblemException NOT_FOUND without such an endpoint, INVALID or REFUSED when the body breaks the
     *     contract, CONFLICT when it is pinned to a candidate and there is none, UNAVAILABLE when its model ended and
     *     nothing took its place
     */
    static AdmittedRequest of(
            RouteTable table, PredictRequest request, ServingMetrics metrics, Instant time, long start) {
        EndpointSnapshot snapshot = require(table, request, metrics);
        Contract contract = snapshot.contract();
        PredictRequest.Rows rows = read(snapshot, request, metrics);
        TrafficSplit.@Nullable Assignment assignment = null;
        for (int round = 0; round < ROUNDS; round++) {
            if (snapshot.contract() != contract) {
                contract = snapshot.contract();
                rows = read(snapshot, request, metrics);
            }
            if (snapshot.trial().isPresent()) {
                TrafficSplit split = snapshot.trial().get().split();
                if (assignment == null || !split.knows(assignment)) {
                    assignment = split.assign(
                            rows.key(), request.counted() && request.pinned().isEmpty());
                }
            }
            Chosen chosen = choose(snapshot, request, assignment);
            if (chosen != null) {
                return new AdmittedRequest(
                        request,
                        rows,
                        snapshot,
                        chosen.role(),
                        chosen.arm(),
                        chosen.use(),
                        chosen.outcome(),
                        time,
                        start,
                        start);
            }
            snapshot = require(table, request, metrics);
        }
        metrics.rejected(snapshot.endpoint(), ProblemType.UNAVAILABLE.status());
        throw gone();
    }

    private record Chosen(ArmRole role, ServingArm arm, LoadedModel.Use use, OutcomeListener outcome) {}

    private static ProblemException gone() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The version that serves this endpoint is just being replaced. Send the request again in"
                                + " a moment.")
                .with("retry_after", 1)
                .exception();
    }

    private static EndpointSnapshot require(RouteTable table, PredictRequest request, ServingMetrics metrics) {
        EndpointSnapshot snapshot = table.get(request.endpoint());
        if (snapshot == null) {
            metrics.rejected(ServingMetrics.NO_ENDPOINT, ProblemType.NOT_FOUND.status());
            ProblemException missing = new Resource.Endpoint(request.endpoint()).missing();
            throw Nearest.of(request.endpoint(), table.names())
                    .map(near -> missing.guessing(
                            "There is no endpoint " + Quoted.of(request.endpoint()) + ". Did you mean " + near + "?"))
                    .orElse(missing);
        }
        return snapshot;
    }

    private static PredictRequest.Rows read(EndpointSnapshot snapshot, PredictRequest request, ServingMetrics metrics) {
        try {
            PredictRequest.Rows rows = request.rows().read(snapshot.contract());
            if (!rows.outputs().isEmpty()) {
                requireOutputs(rows.outputs(), snapshot.active());
                snapshot.trial()
                        .ifPresent(trial ->
                                trial.candidates().values().forEach(arm -> requireOutputs(rows.outputs(), arm)));
            }
            return rows;
        } catch (ProblemException refused) {
            metrics.rejected(snapshot.endpoint(), refused.problem().type().status());
            throw refused;
        }
    }

    /** A caller's wrong name is no failure of the model, so it is found before an arm is drawn. */
    private static void requireOutputs(List<String> wanted, ServingArm arm) {
        ModelInfo info = arm.model().running().info();
        List<String> known = info.outputs();
        // Of a model that is still loading nothing is known; it says so itself when it computes.
        if (info.state() == ModelInfo.State.READY && !known.containsAll(wanted)) {
            throw ProblemException.refused(
                    "outputs",
                    known.isEmpty()
                            ? "The model of this endpoint has no outputs to choose from. Leave outputs out."
                            : "The model of this endpoint has the outputs " + String.join(", ", known) + ".");
        }
    }

    private static @Nullable Chosen choose(
            EndpointSnapshot snapshot, PredictRequest request, TrafficSplit.@Nullable Assignment assignment) {
        if (snapshot.trial().isPresent() && assignment != null) {
            EndpointSnapshot.OnTrial onTrial = snapshot.trial().get();
            ArmId drawn = request.pinned()
                    .map(pinned -> pinned == ArmRole.CANDIDATE ? ArmId.CANDIDATE : ArmId.ACTIVE)
                    .orElseGet(() -> onTrial.split().arm(assignment));
            boolean active = drawn.equals(ArmId.ACTIVE);
            ServingArm arm = active ? snapshot.active() : onTrial.candidate(drawn);
            LoadedModel.@Nullable Use use = arm.model().use();
            if (use == null) {
                return null;
            }
            @Nullable OutcomeListener counted = onTrial.split().admit(assignment, drawn);
            if (counted == null) {
                use.leave();
                return null;
            }
            return new Chosen(active ? ArmRole.ACTIVE : ArmRole.CANDIDATE, arm, use, counted);
        }
        if (request.pinned().equals(Optional.of(ArmRole.CANDIDATE))) {
            throw ProblemException.conflict("The endpoint has no candidate now. Ask without naming an arm.");
        }
        LoadedModel.@Nullable Use use = snapshot.active().model().use();
        return use == null ? null : new Chosen(ArmRole.ACTIVE, snapshot.active(), use, OutcomeListener.IGNORED);
    }

    /** The split that may take the request away from a candidate before the candidate answers. */
    Optional<TrafficSplit> split() {
        return role == ArmRole.CANDIDATE ? snapshot.trial().map(EndpointSnapshot.OnTrial::split) : Optional.empty();
    }

    /**
     * The same request, for the version that is active now. It was counted for the arm that it drew.
     *
     * @throws ProblemException UNAVAILABLE when the active version's model ended and nothing took its place
     */
    AdmittedRequest redirected(RouteTable table) {
        for (int round = 0; round < ROUNDS; round++) {
            @Nullable EndpointSnapshot now = table.get(snapshot.endpoint());
            LoadedModel.@Nullable Use active =
                    now == null ? null : now.active().model().use();
            if (now != null && active != null) {
                return new AdmittedRequest(
                        request,
                        rows,
                        now,
                        ArmRole.ACTIVE,
                        now.active(),
                        active,
                        OutcomeListener.IGNORED,
                        time,
                        start,
                        System.nanoTime());
            }
        }
        throw gone();
    }

    ServableVersion version() {
        return arm.model().version();
    }

    /** How long its caller has waited. */
    long nanos() {
        return System.nanoTime() - start;
    }

    /** The time that its arm has taken, without the time of an arm that was asked before. */
    long armNanos() {
        return System.nanoTime() - asked;
    }

    /** Tells how it ended; once. */
    void tell(boolean ok, long nanos) {
        outcome.tell(ok, nanos);
        arm.recent().add(ok, nanos);
    }

    /** Lets the model go, which does not compute for this request any more; once. */
    void release() {
        use.leave();
    }
}
