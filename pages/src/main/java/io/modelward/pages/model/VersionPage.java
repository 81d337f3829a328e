package io.modelward.pages.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.signature.SignatureWords;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.model.ModelEnvironments;
import io.modelward.gateway.route.DeploymentService;
import io.modelward.gateway.route.DeploymentService.Deployment;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.Reproducer;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.version.ModelBrowser;
import io.modelward.registry.version.VersionService;
import io.modelward.registry.version.VersionService.VersionWithProvenance;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ServedBy;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page of a version: whether one can rely on it. */
public final class VersionPage {

    static final String ADDRESS = "/ui/models/{namespace}/{name}/versions/{version}";

    /** Members of the card that have a place of their own on the page. */
    private static final Set<String> PLACED = Set.of(
            "name",
            "version",
            "description",
            "performance",
            "limitations",
            "input_schema",
            "output_schema",
            "hyperparameters",
            "framework",
            "algorithm",
            "author",
            "created_at",
            "updated_at");

    private static final int MOST_FILES = 500;
    private static final int MOST_METRICS = 200;
    private static final int MOST_DEPLOYMENTS = 200;
    private static final int MOST_REPRODUCTIONS = 10;

    private final PageSender pages;
    private final Access access;
    private final VersionService versions;
    private final ModelBrowser models;
    private final ModelEnvironments environments;
    private final DeploymentService deployments;
    private final JobBrowser jobs;
    private final Reproducer reproducer;

    public VersionPage(
            PageSender pages,
            Access access,
            VersionService versions,
            ModelBrowser models,
            ModelEnvironments environments,
            DeploymentService deployments,
            JobBrowser jobs,
            Reproducer reproducer) {
        this.pages = pages;
        this.access = access;
        this.versions = versions;
        this.models = models;
        this.environments = environments;
        this.deployments = deployments;
        this.jobs = jobs;
        this.reproducer = reproducer;
    }

    /** A metric of the card. */
    public record MetricLine(String name, double value) {}

    /**
     * A version.
     *
     * @param card the card with what the server knew, whole
     * @param further the members of the card that have no place of their own
     * @param before the next lower version, to compare with
     * @param server the address of this server, as the caller knows it, for code to copy
     * @param run whether the caller may look at the run that made the version
     * @param trained the run of a job that published it
     * @param reproductions runs that made it once more, the newest first
     */
    public record VersionView(
            VersionWithProvenance version,
            ObjectNode card,
            ObjectNode further,
            List<MetricLine> metrics,
            List<SignatureWords.Line> input,
            List<SignatureWords.Line> output,
            List<Deployment> deployments,
            Optional<EnvironmentInfo> environment,
            Optional<ServedBy> served,
            Optional<VersionSummary> before,
            String server,
            boolean run,
            Optional<RunView> trained,
            List<RunView> reproductions,
            boolean describe,
            boolean release,
            boolean delete) {

        public PublishedVersion published() {
            return version.published();
        }

        public VersionSummary summary() {
            return version.published().summary();
        }

        public ModelName model() {
            return summary().model();
        }

        public String number() {
            return summary().version().toString();
        }

        /** The first metrics; the card has all. */
        public List<MetricLine> shownMetrics() {
            return metrics.subList(0, Math.min(MOST_METRICS, metrics.size()));
        }

        /** The first files; the manifest has all. */
        public List<FileEntry> files() {
            return published().manifest().files().stream().limit(MOST_FILES).toList();
        }

        /** A text of the card; empty when the card has none. */
        public String text(String member) {
            return card.path(member).asString("");
        }

        /** What the run that made the version had, as the API tells it. */
        public JsonNode provenance() {
            return version.provenance().map(one -> (JsonNode) one.toJson()).orElse(Json.object());
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ADDRESS, Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        ModelName model = ModelPages.name(exchange);
        SemVer number = SemVer.parse(exchange.path("version"));
        VersionWithProvenance version = versions.version(model, new Selector.Exact(number));
        PublishedVersion published = version.published();
        ObjectNode card = published.shownCard();
        ObjectNode further = card.deepCopy();
        PLACED.forEach(further::remove);
        List<MetricLine> metrics = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : card.path("performance").properties()) {
            if (entry.getValue().isNumber()) {
                metrics.add(new MetricLine(entry.getKey(), entry.getValue().doubleValue()));
            }
        }
        Optional<RunView> trained = jobs.training(model, new Selector.Exact(number));
        VersionView view = new VersionView(
                version,
                card,
                further,
                metrics,
                SignatureWords.input(published.signature()),
                SignatureWords.output(published.signature()),
                deployments.of(model).stream()
                        .filter(one -> one.version().equals(number.toString()))
                        .limit(MOST_DEPLOYMENTS)
                        .toList(),
                environments.of(published),
                environments.served(published),
                models.versions(model, Optional.of(number.sortKey()), 1).items().stream()
                        .findFirst(),
                ClientAddress.server(exchange.request()),
                version.provenance()
                        .flatMap(one -> one.origin().run())
                        .filter(run -> access.allows(Action.READ, new Resource.Run(run)))
                        .isPresent(),
                trained,
                trained.isPresent()
                        ? reproducer.of(model, new Selector.Exact(number)).stream()
                                .limit(MOST_REPRODUCTIONS)
                                .toList()
                        : List.of(),
                may(Action.DESCRIBE, model),
                may(Action.RELEASE, model),
                may(Action.DELETE, model));
        return pages.page(exchange, Section.MODELS, model + " " + number, "version", view);
    }

    private boolean may(Action action, ModelName model) {
        return access.allows(action, new Resource.Model(model));
    }
}
