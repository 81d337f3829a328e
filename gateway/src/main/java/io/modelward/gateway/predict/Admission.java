package io.modelward.gateway.predict;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Role;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.evidence.Outcome;
import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.route.ServingArm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request: its arm is chosen, its model cannot end before {@link #release}, and what becomes of it will be counted.
 *
 * @param use of the arm's model
 * @param outcome where its end is told as evidence
 */
record Admission(
        EndpointSnapshot snapshot,
        Role role,
        ServingArm arm,
        LoadedModel.Use use,
        Contract.Asked asked,
        Outcome outcome) {

    /**
     * How often the snapshot is read again because what it holds ended meanwhile. Each round means that somebody moved the endpoint
     * between two reads.
     */
    private static final int ROUNDS = 100;

    /**
     * Admits a request. The snapshot is read once; only when its split or model ended between the read and now is it read again.
     *
     * @throws ProblemException NOT_FOUND without such an endpoint, INVALID or REFUSED when the body breaks the contract, CONFLICT when it is
     *     pinned to a candidate and there is none, UNAVAILABLE when its model ended and nothing took its place
     */
    static Admission of(RouteTable table, Request request, ServingMetrics metrics) {
        EndpointSnapshot snapshot = require(table, request, metrics);
        Contract contract = snapshot.contract();
        Contract.Asked asked = read(snapshot, request, metrics);
        TrafficSplit.@Nullable Assignment assignment = null;
        for (int round = 0; round < ROUNDS; round++) {
            if (snapshot.contract() != contract) {
                contract = snapshot.contract();
                asked = read(snapshot, request, metrics);
            }
            if (snapshot.trial().isPresent()) {
                TrafficSplit split = snapshot.trial().get().split();
                if (assignment == null || !split.knows(assignment)) {
                    assignment = split.assign(
                            asked.key(), request.counted() && request.pinned().isEmpty());
                }
            }
            Admission admission = tryAdmit(snapshot, request, asked, assignment);
            if (admission != null) {
                return admission;
            }
            snapshot = require(table, request, metrics);
        }
        metrics.rejected(snapshot.endpoint(), ProblemType.UNAVAILABLE.status());
        throw gone();
    }

    private static ProblemException gone() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The version that serves this endpoint is just being replaced. Send the request again in a moment.")
                .with("retry_after", 1)
                .exception();
    }

    private static EndpointSnapshot require(RouteTable table, Request request, ServingMetrics metrics) {
        EndpointSnapshot snapshot = table.get(request.endpoint());
        if (snapshot == null) {
            metrics.rejected(ServingMetrics.NO_ENDPOINT, ProblemType.NOT_FOUND.status());
            throw ProblemException.notFound("There is no endpoint of this name.");
        }
        return snapshot;
    }

    private static Contract.Asked read(EndpointSnapshot snapshot, Request request, ServingMetrics metrics) {
        try {
            return snapshot.contract().read(request.body(), request.memory());
        } catch (ProblemException refused) {
            metrics.rejected(snapshot.endpoint(), refused.problem().type().status());
            throw refused;
        }
    }

    private static @Nullable Admission tryAdmit(
            EndpointSnapshot snapshot,
            Request request,
            Contract.Asked asked,
            TrafficSplit.@Nullable Assignment assignment) {
        Role role = Role.ACTIVE;
        ServingArm arm = snapshot.active();
        if (snapshot.trial().isPresent() && assignment != null) {
            EndpointSnapshot.OnTrial onTrial = snapshot.trial().get();
            ArmId drawn = request.pinned()
                    .map(pinned -> pinned == Role.CANDIDATE ? ArmId.CANDIDATE : ArmId.ACTIVE)
                    .orElseGet(() -> onTrial.split().arm(assignment));
            if (!drawn.equals(ArmId.ACTIVE)) {
                role = Role.CANDIDATE;
                arm = onTrial.candidate(drawn);
            }
            LoadedModel.@Nullable Use use = arm.model().use();
            if (use == null) {
                return null;
            }
            @Nullable Outcome counted = onTrial.split().admit(assignment, drawn);
            if (counted == null) {
                use.leave();
                return null;
            }
            return new Admission(snapshot, role, arm, use, asked, counted);
        }
        if (request.pinned().equals(Optional.of(Role.CANDIDATE))) {
            throw ProblemException.conflict("The endpoint has no canary now. Ask without naming an arm.");
        }
        LoadedModel.@Nullable Use use = arm.model().use();
        return use == null ? null : new Admission(snapshot, role, arm, use, asked, Outcome.IGNORED);
    }

    /**
     * The same request, for the version that is active now. It was counted for the arm that it drew.
     *
     * @throws ProblemException UNAVAILABLE when the active version's model ended and nothing took its place
     */
    Admission redirected(RouteTable table) {
        for (int round = 0; round < ROUNDS; round++) {
            @Nullable EndpointSnapshot now = table.get(snapshot.endpoint());
            LoadedModel.@Nullable Use active =
                    now == null ? null : now.active().model().use();
            if (now != null && active != null) {
                return new Admission(now, Role.ACTIVE, now.active(), active, asked, Outcome.IGNORED);
            }
        }
        throw gone();
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
