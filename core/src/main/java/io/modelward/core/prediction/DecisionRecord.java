package io.modelward.core.prediction;

import io.modelward.core.digest.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * What was decided for one prediction.
 *
 * @param time when the request was admitted; wall clock, microseconds
 * @param endpoint the endpoint's number
 * @param revision the route revision that chose the arm
 * @param arm 0 active, 1 candidate, 2 shadow
 * @param runtime what computed it: 1 a Python worker, 2 ONNX in the server, 3 ONNX in a child process
 * @param status HTTP status of the answer
 * @param latencyMicros from admission to the answer, at most 2^32 - 1
 * @param rows instances in the request
 * @param digest the version that answered
 * @param input SHA-256 of the request's body as it was received, after its transfer coding was taken off: every byte,
 *     also spaces and line ends
 * @param output SHA-256 of the predictions as a JSON array in UTF-8 without spaces, as they stand in the answer of
 *     {@code POST /predict}; the same when another protocol brings the answer. Empty when the request failed
 */
public record DecisionRecord(
        Instant time,
        int endpoint,
        long revision,
        byte arm,
        byte runtime,
        int status,
        long latencyMicros,
        int rows,
        Digest digest,
        Digest input,
        Optional<Digest> output) {}
