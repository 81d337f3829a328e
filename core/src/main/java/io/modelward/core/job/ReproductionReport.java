package io.modelward.core.job;

import io.modelward.core.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a version compares with the version that was made once more in the same way.
 *
 * @param verdict in a word
 * @param words in a sentence
 * @param made the number of the version that was made; the version itself, when what was made is its every byte
 * @param files how the files compare
 * @param predictions how the answers compare; empty where every file is equal, byte by byte
 * @param metrics that the two cards tell
 * @param packages in which the two environments differ, in words
 */
public record ReproductionReport(
        Verdict verdict,
        String words,
        String made,
        Files files,
        Optional<Predictions> predictions,
        List<Metric> metrics,
        List<String> packages) {

    public ReproductionReport {
        metrics = List.copyOf(metrics);
        packages = List.copyOf(packages);
    }

    /** What came of it. */
    public enum Verdict {
        /** Every file is equal, byte by byte. */
        IDENTICAL,
        /** Files differ; answers and metrics are equal within the tolerance. */
        EQUIVALENT,
        /** Answers or metrics differ by more than the tolerance, or could not be compared. */
        DIFFERENT;

        /** Whether the version was reproduced. */
        public boolean holds() {
            return this != DIFFERENT;
        }

        /** The lower-case word that users read. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Paths of files.
     *
     * @param equal how many are equal
     * @param different of other content
     * @param missing of the first version only
     * @param added of the second version only
     */
    public record Files(int equal, List<String> different, List<String> missing, List<String> added) {
        public Files {
            different = List.copyOf(different);
            missing = List.copyOf(missing);
            added = List.copyOf(added);
        }

        public boolean allEqual() {
            return different.isEmpty() && missing.isEmpty() && added.isEmpty();
        }
    }

    /**
     * Answers to the same rows.
     *
     * @param sample how many rows were saved with the version
     * @param probes how many rows were made for the comparison
     * @param equal rows whose answers are equal
     * @param within rows whose answers are equal within the tolerance only
     * @param different rows whose answers are not
     * @param largest difference of two numbers, as a share of the larger one, and as it is below one
     * @param failure why answers could not be compared; empty when they could
     */
    public record Predictions(
            int sample, int probes, int equal, int within, int different, double largest, String failure) {

        public boolean holds() {
            return failure.isEmpty() && different == 0 && equal + within > 0;
        }
    }

    /**
     * A number that a card tells.
     *
     * @param then of the first version; empty when its card does not tell it
     * @param now of the second
     */
    public record Metric(String name, Optional<Double> then, Optional<Double> now, boolean holds) {}

    /** The form that {@link #fromJson} reads back equal. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("verdict", verdict.label())
                .put("words", words)
                .put("made", made);
        ObjectNode paths = json.putObject("files").put("equal", files.equal());
        files.different().forEach(paths.putArray("different")::add);
        files.missing().forEach(paths.putArray("missing")::add);
        files.added().forEach(paths.putArray("added")::add);
        predictions.ifPresent(answers -> json.putObject("predictions")
                .put("sample", answers.sample())
                .put("probes", answers.probes())
                .put("equal", answers.equal())
                .put("within", answers.within())
                .put("different", answers.different())
                .put("largest_difference", answers.largest())
                .put("failure", answers.failure()));
        ArrayNode numbers = json.putArray("metrics");
        metrics.forEach(metric -> {
            ObjectNode number = numbers.addObject().put("name", metric.name());
            metric.then().ifPresent(value -> number.put("then", value));
            metric.now().ifPresent(value -> number.put("now", value));
            number.put("holds", metric.holds());
        });
        packages.forEach(json.putArray("packages")::add);
        return json;
    }

    public static ReproductionReport fromJson(JsonNode json) {
        JsonNode paths = json.path("files");
        JsonNode answers = json.path("predictions");
        return new ReproductionReport(
                Verdict.valueOf(json.path("verdict").stringValue().toUpperCase(Locale.ROOT)),
                json.path("words").stringValue(),
                json.path("made").stringValue(),
                new Files(
                        paths.path("equal").intValue(),
                        texts(paths.path("different")),
                        texts(paths.path("missing")),
                        texts(paths.path("added"))),
                answers.isObject()
                        ? Optional.of(new Predictions(
                                answers.path("sample").intValue(),
                                answers.path("probes").intValue(),
                                answers.path("equal").intValue(),
                                answers.path("within").intValue(),
                                answers.path("different").intValue(),
                                answers.path("largest_difference").doubleValue(),
                                answers.path("failure").stringValue()))
                        : Optional.empty(),
                json.path("metrics")
                        .valueStream()
                        .map(metric -> new Metric(
                                metric.path("name").stringValue(),
                                number(metric.path("then")),
                                number(metric.path("now")),
                                metric.path("holds").booleanValue()))
                        .toList(),
                texts(json.path("packages")));
    }

    private static Optional<Double> number(JsonNode value) {
        return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }
}
