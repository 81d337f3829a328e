package io.modelward.pages.tracking;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.pages.frame.Words;
import io.modelward.registry.tracking.RunView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A column of a table of runs: a metric, a parameter or a tag.
 *
 * @param key as runs logged it
 */
public record RunColumn(Kind kind, String key) {

    private static final int FIRST_METRICS = 4;
    private static final int FIRST_PARAMS = 4;

    /** What a column shows. */
    public enum Kind {
        METRIC("metrics", "Metrics", "/metrics/"),
        PARAM("params", "Parameters", "/parameters/"),
        TAG("tags", "Tags", "/tags/");

        private final String prefix;
        private final String label;
        private final String pointer;

        Kind(String prefix, String label, String pointer) {
            this.prefix = prefix;
            this.label = label;
            this.pointer = pointer;
        }

        public String label() {
            return label;
        }
    }

    /** Reads {@code metrics.accuracy}, {@code params.lr} or {@code tags.team}. */
    public static RunColumn parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix + ".") && text.length() > kind.prefix.length() + 1) {
                return new RunColumn(kind, text.substring(kind.prefix.length() + 1));
            }
        }
        throw ProblemException.invalid(
                "column", "A column is metrics.KEY, params.KEY or tags.KEY, such as metrics.accuracy.");
    }

    /** As it stands in an address. */
    public String name() {
        return kind.prefix + "." + key;
    }

    /** As filters and orders name it. */
    public String field() {
        return kind.prefix + "." + Grammar.key(key);
    }

    public boolean numbers() {
        return kind == Kind.METRIC;
    }

    /** The number that a run has in it, where it is a metric. */
    public OptionalDouble number(RunView run) {
        if (kind != Kind.METRIC) {
            return OptionalDouble.empty();
        }
        for (MetricPoint point : run.metrics()) {
            if (point.key().equals(key)) {
                return OptionalDouble.of(point.value());
            }
        }
        return OptionalDouble.empty();
    }

    /** The text that a run has in it; empty where the run has none. */
    public Optional<String> text(RunView run) {
        return switch (kind) {
            case METRIC -> {
                OptionalDouble number = number(run);
                yield number.isPresent() ? Optional.of(Words.number(number.getAsDouble())) : Optional.empty();
            }
            case PARAM -> KeyValue.valueOf(run.params(), key);
            case TAG -> KeyValue.valueOf(run.tags(), key);
        };
    }

    /** Where the API has the value within a run. */
    public String pointer() {
        String place = kind.pointer + key.replace("~", "~0").replace("/", "~1");
        return kind == Kind.METRIC ? place + "/value" : place;
    }

    /** All columns that these runs have something in, metrics first; tags that clients keep for themselves left out. */
    public static List<RunColumn> of(List<RunView> runs) {
        List<RunColumn> all = new ArrayList<>();
        keys(runs, run -> run.metrics().stream().map(MetricPoint::key).toList())
                .forEach(key -> all.add(new RunColumn(Kind.METRIC, key)));
        keys(runs, run -> run.params().stream().map(KeyValue::key).toList())
                .forEach(key -> all.add(new RunColumn(Kind.PARAM, key)));
        keys(
                        runs,
                        run -> run.tags().stream()
                                .map(KeyValue::key)
                                .filter(key -> !key.startsWith("mlflow."))
                                .toList())
                .forEach(key -> all.add(new RunColumn(Kind.TAG, key)));
        return all;
    }

    private static TreeSet<String> keys(List<RunView> runs, Function<RunView, List<String>> of) {
        TreeSet<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(of.apply(run)));
        return keys;
    }

    /** The columns that are shown where nobody chose any: metrics, and the parameters that runs differ in. */
    public static List<RunColumn> usual(List<RunColumn> all, List<RunView> runs) {
        List<RunColumn> some = new ArrayList<>();
        all.stream().filter(one -> one.kind == Kind.METRIC).limit(FIRST_METRICS).forEach(some::add);
        all.stream()
                .filter(one -> one.kind == Kind.PARAM)
                .sorted(Comparator.comparing((RunColumn one) -> !one.differs(runs)))
                .limit(FIRST_PARAMS)
                .forEach(some::add);
        return some;
    }

    /** Whether runs have different values in it. */
    private boolean differs(List<RunView> runs) {
        return runs.stream().map(this::text).distinct().limit(2).count() > 1;
    }
}
