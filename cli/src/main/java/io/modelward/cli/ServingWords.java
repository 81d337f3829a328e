package io.modelward.cli;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Who computes a version, in a sentence for people. */
final class ServingWords {

    private static final int WHOLE = 100;

    private ServingWords() {}

    /**
     * The sentence.
     *
     * @param serving the member {@code serving} of a version or an endpoint; may be missing
     * @param library that the model is of; may be empty
     */
    static String of(JsonNode serving, String library) {
        return switch (Text.of(serving, "by")) {
            case "evaluator" ->
                "evaluated in the server; equal to " + (library.isEmpty() ? "its own library" : library) + " on "
                        + count(serving, "probes") + " probes"
                        + reach(serving)
                        + "; largest difference "
                        + difference(serving.path("largest_difference").doubleValue(0));
            case "onnxruntime" -> "runs in ONNX Runtime";
            case "worker" -> {
                String reason = Text.of(serving, "reason");
                yield reason.isEmpty() ? "runs in its worker" : "runs in its worker, because " + reason;
            }
            default -> "";
        };
    }

    private static String reach(JsonNode serving) {
        long nodes = serving.path("nodes").longValue(0);
        long reached = serving.path("nodes_reached").longValue(0);
        if (nodes == 0) {
            return "";
        }
        return reached >= nodes
                ? " that reach every leaf"
                : " that reach " + reached * WHOLE / nodes + "% of the nodes of its trees";
    }

    private static String difference(double largest) {
        return largest == 0 ? "0" : String.format(Locale.ROOT, "%.1e", largest);
    }

    private static String count(JsonNode serving, String name) {
        return String.format(Locale.ROOT, "%,d", serving.path(name).longValue(0));
    }
}
