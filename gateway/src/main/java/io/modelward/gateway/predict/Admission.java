package io.modelward.gateway.predict;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.Role;
import io.modelward.gateway.evidence.Outcome;
import io.modelward.gateway.evidence.Trial;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request: its arm is chosen, its model cannot end before {@link #leave}, and what becomes of it will be counted.
 *
 * @param outcome where its end is told as evidence
 */
record Admission(EndpointSnapshot snapshot, Role role, LoadedModel model, Contract.Asked asked, Outcome outcome) {

    /**
     * Admits a request. The snapshot is read once; only when its trial or model ended between the read and now is it read again.
     *
     * @throws ProblemException NOT_FOUND without such an endpoint, INVALID or REFUSED when the body breaks the contract, CONFLICT when it is
     *     pinned to a canary and there is none
     */
    static Admission of(RouteTable table, Request request) {
        EndpointSnapshot snapshot = require(table, request);
        Contract contract = snapshot.contract();
        Contract.Asked asked = contract.read(request.body());
        Trial.@Nullable Draw draw = null;
        while (true) {
            if (snapshot.contract() != contract) {
                contract = snapshot.contract();
                asked = contract.read(request.body());
            }
            if (draw == null && snapshot.candidate().isPresent()) {
                boolean counted = request.counted() && request.pinned().isEmpty();
                draw = snapshot.candidate().get().trial().draw(asked.key(), counted);
            }
            Admission admission = tryAdmit(snapshot, request, asked, draw);
            if (admission != null) {
                return admission;
            }
            snapshot = require(table, request);
        }
    }

    private static EndpointSnapshot require(RouteTable table, Request request) {
        EndpointSnapshot snapshot = table.get(request.endpoint());
        if (snapshot == null) {
            throw ProblemException.notFound("There is no endpoint of this name.");
        }
        return snapshot;
    }

    private static @Nullable Admission tryAdmit(
            EndpointSnapshot snapshot, Request request, Contract.Asked asked, Trial.@Nullable Draw draw) {
        Role role = Role.ACTIVE;
        LoadedModel model = snapshot.active();
        Outcome outcome = Outcome.IGNORED;
        if (snapshot.candidate().isPresent() && draw != null) {
            EndpointSnapshot.OnTrial onTrial = snapshot.candidate().get();
            boolean canary = request.pinned()
                    .map(pinned -> pinned == Role.CANARY)
                    .orElseGet(() -> onTrial.trial().canary(draw));
            if (canary) {
                role = Role.CANARY;
                model = onTrial.model();
            }
            if (!model.lease().acquire()) {
                return null;
            }
            @Nullable Outcome counted = onTrial.trial().admit(draw, canary);
            if (counted == null) {
                model.lease().release();
                return null;
            }
            outcome = counted;
        } else if (request.pinned().equals(java.util.Optional.of(Role.CANARY))) {
            throw ProblemException.conflict("The endpoint has no canary now. Ask without naming an arm.");
        } else if (!model.lease().acquire()) {
            return null;
        }
        return new Admission(snapshot, role, model, asked, outcome);
    }

    /** Tells how it ended and lets the model go; once. */
    void leave(boolean ok, long nanos) {
        outcome.tell(ok, nanos);
        if (role == Role.ACTIVE) {
            snapshot.recent().add(ok, nanos);
        }
        model.lease().release();
    }
}
