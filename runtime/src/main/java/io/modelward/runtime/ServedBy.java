package io.modelward.runtime;

/**
 * Who computes the answers of a loaded version, and how that was proved.
 *
 * @param probes rows on which the evaluator's answers were compared with the worker's
 * @param nodes of all decision trees of the model
 * @param nodesReached those of them that a probe passed
 * @param largestDifference the largest difference of two numbers that were compared, relative to the larger one; of
 *     numbers below 1 the difference itself
 * @param reason why the version is not evaluated in the server; empty when it is, or when nothing is known yet
 */
public record ServedBy(
        Computer by, long probes, long nodes, long nodesReached, double largestDifference, String reason) {

    /** What computes. */
    public enum Computer {
        /** The server itself, from the portable form of the model. */
        EVALUATOR("evaluator"),
        /** ONNX Runtime. */
        ONNX_RUNTIME("onnxruntime"),
        /** A worker process. */
        WORKER("worker");

        private final String word;

        Computer(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** @param reason why the version is not evaluated in the server */
    public static ServedBy worker(String reason) {
        return new ServedBy(Computer.WORKER, 0, 0, 0, 0, reason);
    }

    public static ServedBy onnxRuntime() {
        return new ServedBy(Computer.ONNX_RUNTIME, 0, 0, 0, 0, "");
    }
}
