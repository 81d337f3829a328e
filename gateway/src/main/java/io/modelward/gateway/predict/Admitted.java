package io.modelward.gateway.predict;

import io.modelward.gateway.model.ServedVersion;
import java.time.Instant;

/**
 * What is known of a request from its admission on.
 *
 * @param time wall clock
 * @param start monotonic, nanoseconds
 */
record Admitted(Admission admission, byte[] body, Instant time, long start) {

    ServedVersion version() {
        return admission.arm().model().version();
    }

    long nanos() {
        return System.nanoTime() - start;
    }
}
