package io.modelward.pages.home;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.pages.endpoint.EndpointPages;
import io.modelward.pages.endpoint.EndpointPages.EndpointLine;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.version.ModelBrowser;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The overview: endpoints, rollouts at work, what was published lately, and what needs a person. */
public final class HomePage {

    private static final int PUBLISHED = 8;
    private static final int WEBHOOKS = 200;

    private final PageSender pages;
    private final Access access;
    private final EndpointPages endpoints;
    private final ModelBrowser models;
    private final WebhookService webhooks;

    public HomePage(
            PageSender pages, Access access, EndpointPages endpoints, ModelBrowser models, WebhookService webhooks) {
        this.pages = pages;
        this.access = access;
        this.endpoints = endpoints;
        this.models = models;
        this.webhooks = webhooks;
    }

    /** Something that does not go on without a person. */
    public record Need(String what, String why, String address) {}

    /** What the page shows. */
    public record HomeView(
            List<Need> needs,
            List<EndpointLine> endpoints,
            List<RolloutView> rollouts,
            List<VersionSummary> published) {

        /** Whether the server serves and nothing needs a person. */
        public boolean allRight() {
            return needs.isEmpty()
                    && endpoints.stream().allMatch(line -> line.state().equals("SERVING"));
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.openBlocking("GET", "/", exchange -> Reply.redirect(303, "/ui/"));
        routes.openBlocking("GET", "/ui", exchange -> Reply.redirect(303, "/ui/"));
        routes.blocking("GET", "/ui/", Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        List<EndpointLine> lines = endpoints.lines();
        List<RolloutView> rollouts =
                lines.stream().flatMap(line -> line.atWork().stream()).toList();
        List<Need> needs = new ArrayList<>();
        for (RolloutView rollout : rollouts) {
            if (rollout.rollout().state() == RolloutState.HELD) {
                needs.add(new Need(
                        "The rollout of " + rollout.rollout().endpoint() + " to "
                                + rollout.rollout().candidate().version() + " is held",
                        rollout.rollout().progress().reason(),
                        Words.rolloutLink(rollout.rollout().id())));
            }
        }
        for (EndpointLine line : lines) {
            if (line.state().equals("FAILED")) {
                needs.add(new Need(
                        "Endpoint " + line.name() + " cannot answer",
                        line.endpoint().model().map(info -> info.why()).orElse(""),
                        Words.endpointLink(line.name())));
            }
        }
        needs.addAll(failedWebhooks());
        return pages.page(
                exchange,
                Section.OVERVIEW,
                "Overview",
                "home",
                new HomeView(needs, lines, rollouts, models.publishedLately(PUBLISHED)));
    }

    private List<Need> failedWebhooks() {
        if (!access.allows(Action.ADMINISTER, Resource.REGISTRY)) {
            return List.of();
        }
        return webhooks.list(Optional.empty(), WEBHOOKS).items().stream()
                .filter(view -> view.webhook().active())
                .filter(view -> view.standing().dropped() > 0
                        || view.standing()
                                .last()
                                .filter(last -> last.state() == DeliveryState.GIVEN_UP)
                                .isPresent())
                .map(view -> new Need(
                        "The webhook " + view.webhook().name() + " does not reach its receiver",
                        view.standing().last().map(last -> last.error()).orElse(""),
                        "/ui/webhooks"))
                .toList();
    }
}
