package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;

/** How problems look below an address, where it is not the native way. */
public interface ProblemForm {

    /** RFC 9457, as the native API has it. */
    ProblemForm NATIVE = Problems::send;

    /** Answers with the problem and ends the exchange. */
    void send(Exchange exchange, Problem problem);

    /** Answers that nothing is at the address. */
    default void nothingThere(Exchange exchange) {
        send(
                exchange,
                Problem.of(
                        ProblemType.NOT_FOUND, "There is nothing at this address. docs/api.yaml lists what there is."));
    }

    /** Answers 416, which only HTTP's ranges know. */
    default void unsatisfiable(Exchange exchange, String detail) {
        Problems.send(
                exchange.response(), exchange.callback(), Problem.field(ProblemType.INVALID, "Range", detail), 416);
    }
}
