package io.modelward.pages.tracking;

import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.tracking.RunPage.Drawing;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.tracking.RunView;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The page that compares runs: which was best, and what it did otherwise. */
public final class RunComparePage {

    private static final int MOST = RunTablePage.MOST_COMPARED;
    /** Points that are drawn of all runs together. */
    private static final int POINTS = 6000;

    private static final int MOST_EACH = 300;
    private static final int LEAST_EACH = 30;

    private final PageSender pages;
    private final RunService runs;
    private final MetricHistory history;

    public RunComparePage(PageSender pages, RunService runs, MetricHistory history) {
        this.pages = pages;
        this.runs = runs;
        this.history = history;
    }

    /**
     * A row of the comparison: a column of the table of runs, turned.
     *
     * @param values one per run
     * @param best the best of a metric that differs
     */
    public record RunLine(RunColumn column, List<Optional<String>> values, boolean differs, OptionalDouble best) {

        public boolean best(RunView run) {
            return best.isPresent() && column.number(run).equals(best);
        }
    }

    /** The points of one run. */
    public record Drawn(RunView run, List<Dot> dots) {}

    /**
     * A point of a curve.
     *
     * @param x step, or seconds since the first point of the run
     */
    public record Dot(double x, double value) {}

    /**
     * A comparison.
     *
     * @param metric whose curves are drawn; empty: no run has any metric
     * @param drawn the runs that have it
     * @param single whether no run has more than one point of it, so that one value per run is drawn
     */
    public record RunComparisonView(
            List<RunView> runs,
            List<RunLine> lines,
            boolean onlyDifferent,
            String metric,
            List<String> metrics,
            Drawing drawing,
            List<Drawn> drawn,
            boolean single) {

        /** The best value of the metric that is drawn, where runs differ in it; that run is the first. */
        public OptionalDouble bestDrawn() {
            return lines.stream()
                    .filter(line ->
                            line.column().numbers() && line.column().key().equals(metric))
                    .map(RunLine::best)
                    .findFirst()
                    .orElseGet(OptionalDouble::empty);
        }

        public List<RunLine> of(RunColumn.Kind kind) {
            return lines.stream().filter(line -> line.column().kind() == kind).toList();
        }

        /** The address with the same runs. */
        public String address(boolean different) {
            return new PageAddress("/ui/runs/compare")
                    .with("run", runs.stream().map(run -> run.run().id()).toList())
                    .with("metric", metric)
                    .with("x", drawing.time() ? "time" : "")
                    .with("log", drawing.log() ? "true" : "")
                    .with("smooth", drawing.smooth().equals("0") ? "" : drawing.smooth())
                    .with("different", different ? "true" : "")
                    .toString();
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/runs/compare", Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        List<String> ids = exchange.queries("run").stream()
                .filter(id -> !id.isBlank())
                .distinct()
                .toList();
        if (ids.size() < 2 || ids.size() > MOST) {
            throw ProblemException.invalid(
                    "run", "Choose 2 to " + MOST + " runs to compare; " + ids.size() + " are chosen.");
        }
        List<RunView> chosen = runs.all(ids);
        List<RunColumn> columns = RunColumn.of(chosen);
        List<String> metrics =
                columns.stream().filter(RunColumn::numbers).map(RunColumn::key).toList();
        String metric =
                exchange.query("metric").filter(metrics::contains).orElse(metrics.isEmpty() ? "" : metrics.getFirst());
        List<RunView> found = metric.isEmpty() ? chosen : bestFirst(chosen, metric);
        List<RunLine> lines =
                columns.stream().map(column -> line(column, found)).toList();
        Drawing drawing = Drawing.of(exchange);
        List<Drawn> drawn = metric.isEmpty() ? List.of() : drawn(found, metric, drawing.time());
        boolean different = exchange.flag("different");
        RunComparisonView view = new RunComparisonView(
                found,
                different ? lines.stream().filter(RunLine::differs).toList() : lines,
                different,
                metric,
                metrics,
                drawing,
                drawn,
                drawn.stream().allMatch(one -> one.dots().size() < 2));
        return pages.page(
                exchange,
                Section.EXPERIMENTS,
                "Compare " + found.size() + " runs, "
                        + RunWords.name(found.getFirst().run()) + " first",
                "tracking/comparison",
                view);
    }

    /** Runs without a number come last. */
    static List<RunView> bestFirst(List<RunView> runs, String metric) {
        RunColumn column = new RunColumn(RunColumn.Kind.METRIC, metric);
        int sign = RunWords.smallerIsBetter(metric) ? 1 : -1;
        return runs.stream()
                .sorted(Comparator.comparingDouble(run -> {
                    double value = column.number(run).orElse(Double.NaN);
                    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : sign * value;
                }))
                .toList();
    }

    private static RunLine line(RunColumn column, List<RunView> runs) {
        List<Optional<String>> values = runs.stream().map(column::text).toList();
        boolean differs = column.numbers()
                ? runs.stream().map(column::number).distinct().count() > 1
                : new HashSet<>(values).size() > 1;
        return new RunLine(column, values, differs, differs ? best(column, runs) : OptionalDouble.empty());
    }

    private static OptionalDouble best(RunColumn column, List<RunView> runs) {
        var numbers = runs.stream()
                .map(column::number)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .filter(value -> !Double.isNaN(value));
        return RunWords.smallerIsBetter(column.key()) ? numbers.min() : numbers.max();
    }

    private List<Drawn> drawn(List<RunView> runs, String metric, boolean time) {
        List<String> having = runs.stream()
                .filter(run ->
                        run.metrics().stream().anyMatch(point -> point.key().equals(metric)))
                .map(run -> run.run().id())
                .toList();
        if (having.isEmpty()) {
            return List.of();
        }
        int each = Math.clamp(POINTS / having.size(), LEAST_EACH, MOST_EACH);
        Map<String, List<MetricPoint>> curves = new LinkedHashMap<>(history.curves(having, metric, each));
        List<Drawn> drawn = new ArrayList<>();
        for (RunView run : runs) {
            List<MetricPoint> points = curves.getOrDefault(run.run().id(), List.of());
            if (!points.isEmpty()) {
                drawn.add(new Drawn(run, dots(points, time)));
            }
        }
        return drawn;
    }

    private static List<Dot> dots(List<MetricPoint> points, boolean time) {
        long start = points.stream().mapToLong(MetricPoint::timestamp).min().orElse(0);
        return points.stream()
                .filter(point -> !Double.isNaN(point.value()))
                .map(point -> new Dot(time ? (point.timestamp() - start) / 1000.0 : point.step(), point.value()))
                .sorted(Comparator.comparingDouble(Dot::x))
                .toList();
    }
}
