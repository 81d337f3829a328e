package io.modelward.gateway.predict;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Role;
import io.modelward.gateway.evidence.Outcome;
import io.modelward.gateway.evidence.Trial;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.route.ServingArm;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request: its arm is chosen, its model cannot end before {@link #release}, and what becomes of it will be counted.
 *
 * @param outcome where its end is told as evidence
 */
record Admission(EndpointSnapshot snapshot, Role role, ServingArm arm, Contract.Asked asked, Outcome outcome) {

    /**
     * Admits a request. The snapshot is read once; only when its trial or model ended between the read and now is it read again.
     *
     * @throws ProblemException NOT_FOUND without such an endpoint, INVALID or REFUSED when the body breaks the contract, CONFLICT when it is
     *     pinned to a canary and there is none
     */
    static Admission of(RouteTable table, Request request, ServingMetrics metrics) {
        EndpointSnapshot snapshot = require(table, request, metrics);
        Contract contract = snapshot.contract();
        Contract.Asked asked = read(snapshot, request, metrics);
        Trial.@Nullable Draw draw = null;
        while (true) {
            if (snapshot.contract() != contract) {
                contract = snapshot.contract();
                asked = read(snapshot, request, metrics);
            }
            if (snapshot.candidate().isPresent()) {
                Trial trial = snapshot.candidate().get().trial();
                if (draw == null || !trial.knows(draw)) {
                    draw = trial.draw(
                            asked.key(), request.counted() && request.pinned().isEmpty());
                }
            }
            Admission admission = tryAdmit(snapshot, request, asked, draw);
            if (admission != null) {
                return admission;
            }
            snapshot = require(table, request, metrics);
        }
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
            return snapshot.contract().read(request.body());
        } catch (ProblemException refused) {
            metrics.rejected(snapshot.endpoint(), refused.problem().type().status());
            throw refused;
        }
    }

    private static @Nullable Admission tryAdmit(
            EndpointSnapshot snapshot, Request request, Contract.Asked asked, Trial.@Nullable Draw draw) {
        Role role = Role.ACTIVE;
        ServingArm arm = snapshot.active();
        Outcome outcome = Outcome.IGNORED;
        if (snapshot.candidate().isPresent() && draw != null) {
            EndpointSnapshot.OnTrial onTrial = snapshot.candidate().get();
            boolean canary = request.pinned()
                    .map(pinned -> pinned == Role.CANARY)
                    .orElseGet(() -> onTrial.trial().canary(draw));
            if (canary) {
                role = Role.CANARY;
                arm = onTrial.arm();
            }
            if (!arm.model().lease().acquire()) {
                return null;
            }
            @Nullable Outcome counted = onTrial.trial().admit(draw, canary);
            if (counted == null) {
                arm.model().lease().release();
                return null;
            }
            outcome = counted;
        } else if (request.pinned().equals(Optional.of(Role.CANARY))) {
            throw ProblemException.conflict("The endpoint has no canary now. Ask without naming an arm.");
        } else if (!arm.model().lease().acquire()) {
            return null;
        }
        return new Admission(snapshot, role, arm, asked, outcome);
    }

    /** The same request, for the version that is active now. It was counted for the arm that it drew. */
    Admission redirected(RouteTable table) {
        while (true) {
            EndpointSnapshot now = Objects.requireNonNull(table.get(snapshot.endpoint()));
            if (now.active().model().lease().acquire()) {
                return new Admission(now, Role.ACTIVE, now.active(), asked, Outcome.IGNORED);
            }
        }
    }

    /** Tells how it ended; once. */
    void tell(boolean ok, long nanos) {
        outcome.tell(ok, nanos);
        arm.recent().add(ok, nanos);
    }

    /** Lets the model go, which does not compute for this request any more; once. */
    void release() {
        arm.model().lease().release();
    }
}
