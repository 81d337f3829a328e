package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Cursor;
import io.modelward.core.search.PageToken;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All points that a metric had. */
public final class MetricHistory {

    private static final int MOST_RUNS = 100;
    private static final int MOST_CURVES = 200;
    private static final int MOST_POINTS = 100_000;

    private final Access access;
    private final Catalog catalog;

    public MetricHistory(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /** A page of the points by timestamp, step and value. */
    public Page<MetricPoint> get(String run, String key, Optional<String> token, int size) {
        access.require(Action.READ, new Resource.Run(run));
        List<String> query = List.of(Checks.run(run), key);
        Optional<MetricPoint> after =
                token.filter(text -> !text.isEmpty()).map(text -> point(key, PageToken.read(text, query)));
        return catalog.read(tx -> {
            RunService.require(tx, run);
            return Page.of(
                    tx.runData().history(run, key, after, size + 1),
                    size,
                    point -> PageToken.write(cursor(point), query));
        });
    }

    private static Cursor cursor(MetricPoint point) {
        boolean nan = Double.isNaN(point.value());
        return new Cursor(nan ? 1 : 0, List.of(point.timestamp(), point.step(), nan ? 0.0 : point.value()));
    }

    private static MetricPoint point(String key, Cursor cursor) {
        List<Object> values = cursor.values();
        if (values.size() == 3
                && values.get(0) instanceof Long timestamp
                && values.get(1) instanceof Long step
                && values.get(2) instanceof Double value) {
            return new MetricPoint(key, cursor.phase() == 1 ? Double.NaN : value, timestamp, step);
        }
        throw PageToken.malformed();
    }

    /** The points of several runs, each run's by timestamp, step and value, at most {@code most} of all. */
    public Map<String, List<MetricPoint>> whole(List<String> runs, String key, int most) {
        runs.forEach(run -> access.require(Action.READ, new Resource.Run(run)));
        if (runs.isEmpty()) {
            throw ProblemException.invalid("run_id", "GetMetricHistoryBulk request must specify at least one run_id.");
        }
        if (runs.size() > MOST_RUNS) {
            throw ProblemException.invalid(
                    "run_id", "GetMetricHistoryBulk request cannot specify more than " + MOST_RUNS + " run_ids.");
        }
        return catalog.read(tx -> {
            Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
            int left = most;
            for (String run : runs.stream().map(Checks::run).sorted().distinct().toList()) {
                RunService.require(tx, run);
                List<MetricPoint> of = left == 0 ? List.of() : tx.runData().history(run, key, Optional.empty(), left);
                points.put(run, of);
                left -= of.size();
            }
            return points;
        });
    }

    /**
     * Points of several runs for a chart: when the runs have more than {@code most} steps, that many spread evenly over
     * them, and the first and last of each run.
     */
    public Map<String, List<MetricPoint>> sampled(List<String> runs, String key, long first, long last, int most) {
        runs.forEach(run -> access.require(Action.READ, new Resource.Run(run)));
        if (runs.isEmpty()) {
            throw ProblemException.invalid("run_ids", "Missing value for required parameter 'run_ids'.");
        }
        if (runs.size() > MOST_RUNS) {
            throw ProblemException.invalid(
                    "run_ids", "GetMetricHistoryBulkInterval request must specify at most " + MOST_RUNS + " run_ids.");
        }
        if (first > last) {
            throw ProblemException.invalid(
                    "end_step", "end_step must be greater than start_step. It may also be equal to it.");
        }
        return catalog.read(tx -> sampled(tx, runs, key, first, last, most));
    }

    /**
     * Points of several runs for a chart, of each run in the order of its history: about {@code most} of each, spread
     * evenly, the first and the last with them.
     */
    public Map<String, List<MetricPoint>> curves(List<String> runs, String key, int most) {
        runs.forEach(run -> access.require(Action.READ, new Resource.Run(run)));
        if (runs.size() > MOST_CURVES) {
            throw ProblemException.invalid("run", "Choose at most " + MOST_CURVES + " runs.");
        }
        return catalog.read(tx -> {
            Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
            for (String run : runs) {
                RunService.require(tx, run);
                points.put(run, tx.runData().spread(run, key, most));
            }
            return points;
        });
    }

    /**
     * What each metric of a run went through; nothing when the run has more points than are quickly looked at.
     */
    public List<MetricRange> ranges(String run) {
        access.require(Action.READ, new Resource.Run(run));
        return catalog.read(tx -> {
            RunService.require(tx, run);
            return tx.runData().ranges(run, MOST_POINTS).orElse(List.of());
        });
    }

    private static Map<String, List<MetricPoint>> sampled(
            CatalogTransaction tx, List<String> runs, String key, long first, long last, int most) {
        TreeSet<Long> all = new TreeSet<>();
        TreeSet<Long> wanted = new TreeSet<>();
        for (String run : runs) {
            RunService.require(tx, run);
            List<Long> steps = tx.runData().steps(run, key, first, last);
            all.addAll(steps);
            if (!steps.isEmpty()) {
                wanted.add(steps.getFirst());
                wanted.add(steps.getLast());
            }
        }
        List<Long> ordered = new ArrayList<>(all);
        int count = Math.min(most, ordered.size());
        for (int i = 0; i < count; i++) {
            wanted.add(ordered.get((int) ((long) i * ordered.size() / count)));
        }
        Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
        for (String run : runs) {
            points.put(run, tx.runData().atSteps(run, key, wanted));
        }
        return points;
    }
}
