package io.modelward.gateway.predict;

import io.modelward.core.digest.Digest;
import io.modelward.core.memory.Reservation;
import io.modelward.gateway.model.ServableVersion;
import java.time.Instant;

/**
 * What is known of a request from its admission on.
 *
 * @param input of the request's body
 * @param answer where the memory for the answer comes from
 * @param time wall clock
 * @param start of the request, monotonic nanoseconds
 * @param asked when its arm was asked: later than the start when another arm was asked before
 */
record Admitted(Admission admission, Digest input, Reservation answer, Instant time, long start, long asked) {

    ServableVersion version() {
        return admission.arm().model().version();
    }

    /** How long its caller has waited. */
    long nanos() {
        return System.nanoTime() - start;
    }

    /** How long its arm has taken. What an arm before it took says nothing of this one. */
    long armNanos() {
        return System.nanoTime() - asked;
    }
}
