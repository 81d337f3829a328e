package io.modelward.gateway.predict;

import io.modelward.core.digest.Digest;
import io.modelward.core.memory.Reservation;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.contract.Contract;
import io.modelward.runtime.Instances;
import java.util.List;
import java.util.Optional;

/**
 * A request for predictions, whatever protocol it came by.
 *
 * @param rows reads the rows as the endpoint's contract has them; asked again when the contract changes before the
 *     request is admitted
 * @param pinned the arm that must answer, whatever the route's weights; such a request is no evidence
 * @param counted whether it may be evidence in a rollout: not when it is a retry or a probe
 * @param input SHA-256 of the body as it was received, after its transfer coding was taken off
 * @param answer where the memory for the answer comes from; the one who asks closes it
 */
public record PredictRequest(
        String endpoint, Reader rows, Optional<ArmRole> pinned, boolean counted, Digest input, Reservation answer) {

    /**
     * The rows of a caller, and the wishes beside them.
     *
     * @param instances checked against the contract
     * @param key who asks, in the caller's words; requests of one key are answered by one arm
     * @param outputs the outputs that the caller wants, by name; empty for those that the model answers by itself
     */
    public record Rows(Instances instances, Optional<String> key, List<String> outputs) {}

    /** Reads a request's rows. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Reads.
         *
         * @throws io.modelward.core.problem.ProblemException INVALID when the body is none that the protocol knows,
         *     REFUSED when a row breaks the contract; both name the field. TOO_LARGE or OVERLOADED when there is not
         *     the memory for the rows
         */
        Rows read(Contract contract);
    }
}
