package io.modelward.pages.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.route.DeploymentService;
import io.modelward.gateway.route.DeploymentService.Deployment;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.RevisionView.ArmView;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.version.ModelBrowser;
import io.modelward.registry.version.ModelBrowser.Lane;
import io.modelward.registry.version.ModelBrowser.ModelFilter;
import io.modelward.registry.version.ModelBrowser.ModelRow;
import io.modelward.registry.version.ModelBrowser.Order;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The list of models, and the page of a model. */
public final class ModelPages {

    private static final int MODELS_A_PAGE = 50;
    private static final int VERSIONS_A_PAGE = 50;
    private static final int LANES = 6;
    private static final int EACH_LANE = 8;
    private static final int CHARTED = 100;
    private static final int MOVES = 20;

    private final PageSender pages;
    private final Access access;
    private final ModelBrowser models;
    private final AliasService aliases;
    private final EndpointService endpoints;
    private final DeploymentService deployments;

    public ModelPages(
            PageSender pages,
            Access access,
            ModelBrowser models,
            AliasService aliases,
            EndpointService endpoints,
            DeploymentService deployments) {
        this.pages = pages;
        this.access = access;
        this.models = models;
        this.aliases = aliases;
        this.endpoints = endpoints;
        this.deployments = deployments;
    }

    /** Where a version of a model serves now. */
    public record Live(String endpoint, String version, boolean candidate) {}

    /** A model in the list. */
    public record ModelLine(ModelRow row, List<Live> live) {}

    /**
     * The list of models.
     *
     * @param filter the values of the fields of the form, by their names
     * @param narrowed whether any field narrows the list
     * @param more the address of the next page
     */
    public record ModelsView(
            List<ModelLine> models, Map<String, String> filter, boolean narrowed, Optional<String> more) {}

    /** An alias with its moves, newest first. */
    public record AliasHistory(String alias, String version, List<AliasService.MoveView> moves) {}

    /** The value of a metric in a version. */
    public record Point(int place, String version, double value) {}

    /**
     * A model.
     *
     * @param live the numbers of the versions that serve now, with where
     * @param metric the metric that is drawn; empty: no version has any
     * @param metrics all that could be drawn
     */
    public record ModelView(
            ModelRow row,
            List<Lane> lanes,
            Map<String, List<Live>> live,
            Map<String, List<String>> aliasesOf,
            List<AliasHistory> aliases,
            List<Deployment> deployments,
            String metric,
            List<String> metrics,
            List<Point> points,
            List<VersionSummary> versions,
            Optional<String> more,
            boolean firstPage,
            Rights rights) {

        public ModelName name() {
            return row.model().name();
        }
    }

    /** What the caller may do with the model. */
    public record Rights(boolean describe, boolean release, boolean delete) {}

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/models", Action.READ, this::list);
        routes.blocking("GET", "/ui/models/{namespace}/{name}", Action.READ, this::show);
    }

    private Reply list(Exchange exchange) {
        Map<ModelName, List<Live>> live = live();
        String text = exchange.query("q").orElse("").strip();
        Optional<String> framework = filled(exchange, "framework");
        Optional<String> owner = filled(exchange, "owner");
        Optional<String> alias = filled(exchange, "alias");
        Optional<String> tag = filled(exchange, "tag");
        boolean liveOnly = exchange.flag("live");
        Order order = exchange.query("sort").orElse("name").equals("change") ? Order.CHANGE : Order.NAME;
        Page<ModelRow> page = models.models(
                new ModelFilter(text, framework, owner, alias, tag, name -> !liveOnly || live.containsKey(name)),
                order,
                exchange.query("after"),
                MODELS_A_PAGE);
        Map<String, String> filter = Map.of(
                "q", text,
                "framework", framework.orElse(""),
                "owner", owner.orElse(""),
                "alias", alias.orElse(""),
                "tag", tag.orElse(""),
                "live", liveOnly ? "true" : "",
                "sort", order == Order.CHANGE ? "change" : "");
        boolean narrowed = filter.entrySet().stream()
                .anyMatch(entry ->
                        !entry.getKey().equals("sort") && !entry.getValue().isEmpty());
        return pages.page(
                exchange,
                Section.MODELS,
                "Models",
                "models",
                new ModelsView(
                        page.items().stream()
                                .map(row -> new ModelLine(
                                        row, live.getOrDefault(row.model().name(), List.of())))
                                .toList(),
                        filter,
                        narrowed,
                        page.next().map(next -> "/ui/models?" + query(filter) + "after=" + Words.query(next))));
    }

    private static String query(Map<String, String> filter) {
        return filter.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + Words.query(entry.getValue()) + "&")
                .collect(Collectors.joining());
    }

    private static Optional<String> filled(Exchange exchange, String name) {
        return exchange.query(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    private Map<ModelName, List<Live>> live() {
        return endpoints.list().stream()
                .flatMap(view -> view.revision().arms().stream()
                        .map(arm -> Map.entry(arm.arm().model(), live(view, arm))))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static Live live(EndpointView endpoint, ArmView arm) {
        return new Live(
                endpoint.endpoint().endpoint(),
                arm.arm().version().toString(),
                arm.arm().role() != io.modelward.core.route.ArmRole.ACTIVE);
    }

    static ModelName name(Exchange exchange) {
        return ModelName.of(exchange.path("namespace"), exchange.path("name"));
    }

    private Reply show(Exchange exchange) {
        ModelName name = name(exchange);
        ModelRow row = models.model(name);
        Page<VersionSummary> versions = models.versions(name, exchange.query("below"), VERSIONS_A_PAGE);
        List<VersionSummary> charted =
                models.versions(name, Optional.empty(), CHARTED).items();
        List<String> metrics = metrics(charted);
        String metric =
                exchange.query("metric").filter(metrics::contains).orElse(metrics.isEmpty() ? "" : metrics.getFirst());
        Map<String, List<Live>> live =
                live().getOrDefault(name, List.of()).stream().collect(Collectors.groupingBy(Live::version));
        ModelView view = new ModelView(
                row,
                models.lanes(name, LANES, EACH_LANE),
                live,
                aliasesOf(row),
                histories(row),
                deployments.of(name).stream().limit(MOVES).toList(),
                metric,
                metrics,
                points(charted, metric),
                versions.items(),
                versions.next().map(next -> Words.link(name) + "?below=" + Words.query(next) + "#versions"),
                exchange.query("below").isEmpty(),
                new Rights(may(Action.DESCRIBE, name), may(Action.RELEASE, name), may(Action.DELETE, name)));
        return pages.page(exchange, Section.MODELS, name.toString(), "model", view);
    }

    private boolean may(Action action, ModelName name) {
        return access.allows(action, new Resource.Model(name));
    }

    private static Map<String, List<String>> aliasesOf(ModelRow row) {
        return row.aliases().entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    }

    private List<AliasHistory> histories(ModelRow row) {
        List<AliasHistory> found = new ArrayList<>();
        row.aliases()
                .forEach((alias, version) -> history(row.model().name(), alias)
                        .ifPresent(view -> found.add(new AliasHistory(
                                alias,
                                version,
                                view.history().stream().limit(MOVES).toList()))));
        return found;
    }

    /** An alias may go between two looks. */
    private Optional<AliasService.AliasView> history(ModelName model, String alias) {
        try {
            return Optional.of(aliases.get(model, AliasName.parse(alias)));
        } catch (ProblemException gone) {
            return Optional.empty();
        }
    }

    private static List<String> metrics(List<VersionSummary> versions) {
        Set<String> names = new LinkedHashSet<>();
        for (VersionSummary version : versions) {
            JsonNode performance = version.shownCard().value().path("performance");
            performance.properties().stream()
                    .filter(entry -> entry.getValue().isNumber())
                    .forEach(entry -> names.add(entry.getKey()));
        }
        return List.copyOf(names);
    }

    private static List<Point> points(List<VersionSummary> newestFirst, String metric) {
        List<Point> points = new ArrayList<>();
        for (VersionSummary version : newestFirst.reversed()) {
            OptionalDouble value = number(version, metric);
            if (value.isPresent()) {
                points.add(new Point(points.size(), version.version().toString(), value.getAsDouble()));
            }
        }
        return points;
    }

    /** A metric of a version's card. */
    public static OptionalDouble number(VersionSummary version, String metric) {
        JsonNode value = version.shownCard().value().path("performance").path(metric);
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    /** The first metric of a version with its name, for a list. */
    public static String firstMetric(VersionSummary version) {
        return version.shownCard().value().path("performance").properties().stream()
                .filter(entry -> entry.getValue().isNumber())
                .map(entry ->
                        entry.getKey() + " " + Words.number(entry.getValue().doubleValue()))
                .findFirst()
                .orElse("");
    }

    /** A text of a version's card; empty when it has none. */
    public static String member(VersionSummary version, String name) {
        return Objects.requireNonNull(version.shownCard().value().path(name).asString(""));
    }
}
