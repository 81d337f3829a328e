package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.gateway.assembly.ServingServices;
import io.modelward.jobs.JobServices;
import io.modelward.pages.account.AccessPages;
import io.modelward.pages.account.AccountPages;
import io.modelward.pages.account.BackupPages;
import io.modelward.pages.account.NotificationPages;
import io.modelward.pages.account.WebhookPages;
import io.modelward.pages.apidocs.ApiPage;
import io.modelward.pages.audit.AuditPage;
import io.modelward.pages.endpoint.EndpointActions;
import io.modelward.pages.endpoint.EndpointPages;
import io.modelward.pages.endpoint.TryPage;
import io.modelward.pages.find.FindPage;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Assets;
import io.modelward.pages.frame.PageProblems;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.VersionField;
import io.modelward.pages.home.HomePage;
import io.modelward.pages.job.JobActions;
import io.modelward.pages.job.JobPages;
import io.modelward.pages.live.LiveEvents;
import io.modelward.pages.model.ComparePage;
import io.modelward.pages.model.ModelActions;
import io.modelward.pages.model.ModelPages;
import io.modelward.pages.model.RetentionPages;
import io.modelward.pages.model.VersionPage;
import io.modelward.pages.prediction.PredictionPages;
import io.modelward.pages.rollout.RolloutActions;
import io.modelward.pages.rollout.RolloutPage;
import io.modelward.pages.status.StatusPage;
import io.modelward.pages.tracking.ArtifactPages;
import io.modelward.pages.tracking.ExperimentPages;
import io.modelward.pages.tracking.RunComparePage;
import io.modelward.pages.tracking.RunPage;
import io.modelward.pages.tracking.RunTablePage;
import io.modelward.pages.tracking.TrackingActions;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.backup.BackupService;
import io.modelward.registry.channel.ChannelService;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.HttpRoute;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pages for people. */
final class PagesModule extends Module {

    private final Access access;
    private final ResourcesModule resources;
    private final List<Consumer<HttpRoute.Table>> doors = new ArrayList<>();
    private @Nullable PageSender pages;

    PagesModule(Access access, ResourcesModule resources) {
        this.access = access;
        this.resources = resources;
    }

    /** What the pages are over, besides the services of the registry and of serving. */
    record Parts(
            AccessModule access,
            WebhookService webhooks,
            ChannelService channels,
            BackupService backups,
            JobServices jobs,
            Instant startedAt) {}

    /** Puts the pages over the services that the API is over. */
    void open(RegistryServices registry, ServingServices serving, Parts parts, InstantSource clock) {
        Assets assets = new Assets();
        PageSender made = new PageSender(access, assets, clock, Application.RELEASE);
        this.pages = made;
        doors.add(assets::open);
        Actions actions = new Actions(made);
        EndpointPages endpoints = new EndpointPages(made, access, serving.endpoints, serving.rollouts, serving.traffic);
        VersionField versionField = new VersionField(registry.browser);
        RolloutPage rollout = new RolloutPage(made, access, serving.rollouts);
        doors.add(new HomePage(made, access, endpoints, registry.browser, parts.webhooks())::open);
        doors.add(endpoints::open);
        doors.add(rollout::open);
        doors.add(new EndpointActions(
                actions, serving.endpoints, serving.mover, serving.remover, serving.rollouts, versionField)::open);
        doors.add(new TryPage(made, serving.endpoints, serving.predictor, resources.memory())::open);
        doors.add(new RolloutActions(actions, serving.rollouts, serving.endpoints, versionField)::open);
        JobServices jobs = parts.jobs();
        JobPages jobPages = new JobPages(made, access, jobs.browser);
        doors.add(new LiveEvents(
                Map.of(
                        "endpoint",
                        endpoints.topic(),
                        "rollout",
                        rollout.topic(),
                        "job-run",
                        jobPages.runTopic(),
                        "job-log",
                        jobPages.logTopic()),
                System::nanoTime)::open);
        doors.add(new ModelPages(
                made, access, registry.browser, registry.aliases, serving.endpoints, serving.deployments)::open);
        doors.add(new VersionPage(
                made,
                access,
                registry.versions,
                registry.browser,
                serving.environments,
                serving.deployments,
                parts.jobs().browser,
                parts.jobs().reproducer)::open);
        doors.add(new ComparePage(made, registry.versions, registry.compare, serving.endpoints, serving.traffic)::open);
        doors.add(new ModelActions(
                actions, registry.models, registry.versions, registry.versionStates, registry.aliases)::open);
        RetentionPages retention = new RetentionPages(made, access, registry.retentionRules, registry.retention);
        doors.add(routes -> retention.open(routes, actions));
        doors.add(new PredictionPages(made, access, serving.trace)::open);
        doors.add(new AuditPage(made, access, registry.audit)::open);
        doors.add(new ApiPage(made)::open);
        account(made, actions, parts, clock);
        doors.add(jobPages::open);
        doors.add(new JobActions(actions, jobs.jobs, jobs.browser, jobs.reproducer)::open);
        StatusPage status = new StatusPage(
                made,
                serving.status,
                registry.verifier,
                parts.access().known(),
                Application.RELEASE,
                parts.startedAt());
        doors.add(routes -> status.open(routes, actions));
        doors.add(new FindPage(
                made,
                access,
                new FindPage.Things(
                        registry.browser,
                        registry.versions,
                        serving.endpoints,
                        serving.rollouts,
                        registry.experiments,
                        registry.runs,
                        registry.runSearch))::open);
        tracking(made, actions, registry);
    }

    private void tracking(PageSender made, Actions actions, RegistryServices registry) {
        doors.add(new ExperimentPages(made, access, registry.experimentBrowser)::open);
        doors.add(new RunTablePage(made, access, registry.experimentBrowser, registry.runSearch)::open);
        doors.add(new RunPage(
                made,
                access,
                registry.experiments,
                registry.runs,
                registry.metricHistory,
                registry.loggedModelSearch,
                registry.directory,
                registry.artifacts)::open);
        doors.add(new ArtifactPages(
                made, registry.runs, registry.artifacts, resources.pools().files())::open);
        doors.add(new RunComparePage(made, registry.runs, registry.metricHistory)::open);
        doors.add(new TrackingActions(actions, registry.experiments, registry.runs)::open);
    }

    private void account(PageSender made, Actions actions, Parts parts, InstantSource clock) {
        AccessModule.Services services = parts.access().services();
        AccountPages account = new AccountPages(made, access, services.tokens(), services.grants(), clock);
        AccessPages grants = new AccessPages(made, access, services.grants(), services.users());
        WebhookPages webhooks = new WebhookPages(made, parts.webhooks());
        NotificationPages notifications = new NotificationPages(made, parts.channels());
        doors.add(routes -> account.open(routes, actions));
        doors.add(routes -> grants.open(routes, actions));
        doors.add(routes -> webhooks.open(routes, actions));
        doors.add(routes -> notifications.open(routes, actions));
        BackupPages backups = new BackupPages(made, parts.backups());
        doors.add(routes -> backups.open(routes, actions));
    }

    @Override
    void routes(HttpRoute.Table routes) {
        PageProblems problems = new PageProblems(Objects.requireNonNull(pages));
        routes.problems("/ui/", problems);
        routes.problems("/docs", problems);
        doors.forEach(door -> door.accept(routes));
    }
}
