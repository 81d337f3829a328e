package io.modelward.pages.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import io.modelward.core.tracking.Run;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.Page;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.LoggedModelQuery;
import io.modelward.registry.tracking.LoggedModelSearch;
import io.modelward.registry.tracking.LoggedModelView;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.tracking.RunView;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The page of a run: what it tried, what it measured, and what came of it. */
public final class RunPage {

    static final int MOST_FILES = 200;

    private static final int MOST_CHARTS = 6;
    private static final int POINTS = 300;
    private static final int MOST_TILES = 8;
    private static final int MOST_LISTED = 50;

    private final PageSender pages;
    private final Access access;
    private final ExperimentService experiments;
    private final RunService runs;
    private final MetricHistory history;
    private final LoggedModelSearch models;
    private final ModelDirectory versions;
    private final ArtifactService artifacts;

    public RunPage(
            PageSender pages,
            Access access,
            ExperimentService experiments,
            RunService runs,
            MetricHistory history,
            LoggedModelSearch models,
            ModelDirectory versions,
            ArtifactService artifacts) {
        this.pages = pages;
        this.access = access;
        this.experiments = experiments;
        this.runs = runs;
        this.history = history;
        this.models = models;
        this.versions = versions;
        this.artifacts = artifacts;
    }

    /** A metric with its points in the order of the axis. */
    public record Curve(String metric, List<MetricPoint> points) {}

    /**
     * A metric in the table.
     *
     * @param range empty where the run has too many points to look at all of them
     */
    public record MetricRow(MetricPoint latest, Optional<MetricRange> range) {}

    /**
     * How curves are drawn, as the address has it.
     *
     * @param time whether the axis is the time, not the step
     * @param smooth from 0 to 0.95
     */
    public record Drawing(boolean time, boolean log, String smooth) {

        static Drawing of(Exchange exchange) {
            String axis = exchange.query("x").orElse("step");
            if (!axis.equals("step") && !axis.equals("time")) {
                throw ProblemException.invalid("x", "x is step or time.");
            }
            String smooth =
                    exchange.query("smooth").filter(text -> !text.isEmpty()).orElse("0");
            if (!smooth.matches("0|0\\.[0-9]{1,3}")) {
                throw ProblemException.invalid("smooth", "smooth is a number from 0 to 0.999.");
            }
            return new Drawing(axis.equals("time"), exchange.flag("log"), smooth);
        }
    }

    /** A run with all that is around it. */
    public record OneRunView(
            RunView run,
            String experiment,
            List<MetricRow> metrics,
            List<Curve> curves,
            List<String> drawable,
            Drawing drawing,
            List<VersionWithOrigin> versions,
            List<LoggedModelView> models,
            Page<ArtifactEntry> files,
            boolean filesHere,
            boolean delete) {

        public Run it() {
            return run.run();
        }

        public List<MetricRow> tiles() {
            return metrics.stream().limit(MOST_TILES).toList();
        }

        /** The value of a tag that MLflow's clients write; empty where there is none. */
        public String tag(String key) {
            return KeyValue.valueOf(run.tags(), key).orElse("");
        }

        /** The tags that people or their code wrote. */
        public List<KeyValue> ownTags() {
            return run.tags().stream()
                    .filter(tag -> !tag.key().startsWith("mlflow."))
                    .toList();
        }

        /** The tags that clients write by themselves. */
        public List<KeyValue> clientTags() {
            return run.tags().stream()
                    .filter(tag -> tag.key().startsWith("mlflow."))
                    .toList();
        }

        public boolean drawn(String metric) {
            return curves.stream().anyMatch(curve -> curve.metric().equals(metric));
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/runs/{run}", Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        RunView run = runs.get(exchange.path("run"));
        String id = run.run().id();
        String experiment = Long.toString(run.run().experiment());
        boolean around = access.allows(Action.READ, new Resource.Experiment(experiment));
        Map<String, MetricRange> ranges =
                history.ranges(id).stream().collect(Collectors.toMap(MetricRange::key, Function.identity()));
        Drawing drawing = Drawing.of(exchange);
        List<String> drawable = drawable(run, ranges);
        List<String> wanted = exchange.queries("metric").stream()
                .filter(drawable::contains)
                .distinct()
                .toList();
        RunArtifacts folder = new RunArtifacts(run.run().artifactUri());
        OneRunView view = new OneRunView(
                run,
                around ? experiments.get(experiment).experiment().name() : experiment,
                run.metrics().stream()
                        .map(point -> new MetricRow(point, Optional.ofNullable(ranges.get(point.key()))))
                        .toList(),
                curves(id, wanted.isEmpty() ? drawable : wanted, drawing.time()),
                drawable,
                drawing,
                versions.versions(new Query(
                                List.of(),
                                "run_id = " + Grammar.quoted(id),
                                List.of(),
                                Search.View.ACTIVE_ONLY,
                                Optional.empty(),
                                MOST_LISTED))
                        .items(),
                around
                        ? models.search(new LoggedModelQuery(
                                        List.of(experiment),
                                        "source_run_id = " + Grammar.quoted(id),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        MOST_LISTED))
                                .items()
                        : List.of(),
                folder.here() ? artifacts.list(folder.at(""), "", MOST_FILES) : new Page<>(List.of(), Optional.empty()),
                folder.here(),
                access.allows(Action.DELETE, new Resource.Run(id)));
        return pages.page(
                exchange, Section.EXPERIMENTS, RunWords.name(run.run()) + " - Run " + id, "tracking/run", view);
    }

    /** The metrics that are curves: those of several points. Of a run with very many points, all of them. */
    private static List<String> drawable(RunView run, Map<String, MetricRange> ranges) {
        return run.metrics().stream()
                .map(MetricPoint::key)
                .filter(key -> ranges.isEmpty()
                        || (ranges.containsKey(key) && ranges.get(key).points() > 1))
                .toList();
    }

    private List<Curve> curves(String run, List<String> metrics, boolean time) {
        List<Curve> curves = new ArrayList<>();
        for (String metric : metrics.subList(0, Math.min(MOST_CHARTS, metrics.size()))) {
            List<MetricPoint> points =
                    history.curves(List.of(run), metric, POINTS).getOrDefault(run, List.of());
            Comparator<MetricPoint> order = Comparator.comparingLong(point -> time ? point.timestamp() : point.step());
            if (points.size() > 1) {
                curves.add(new Curve(metric, points.stream().sorted(order).toList()));
            }
        }
        return curves;
    }
}
