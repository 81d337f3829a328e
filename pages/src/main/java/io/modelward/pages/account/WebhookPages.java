package io.modelward.pages.account;

import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.registry.webhook.WebhookService.View;
import io.modelward.registry.webhook.WebhookService.Wish;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Webhooks: who is told of what happens, and whether it arrives. */
public final class WebhookPages {

    private static final String WEBHOOKS = "/ui/webhooks";
    private static final String NEW = WEBHOOKS + "/new";
    private static final String WEBHOOK = WEBHOOKS + "/{webhook}";
    private static final String EVENT = "event-";
    private static final int A_PAGE = 50;

    private final PageSender pages;
    private final WebhookService webhooks;

    public WebhookPages(PageSender pages, WebhookService webhooks) {
        this.pages = pages;
        this.webhooks = webhooks;
    }

    /** The webhooks, newest first. */
    public record WebhooksView(List<View> webhooks, Optional<String> more) {}

    /**
     * How a try went.
     *
     * @param what a sentence about it
     * @param body the beginning of the receiver's answer
     */
    public record TriedView(Webhook webhook, boolean delivered, String what, String body) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.blocking("GET", WEBHOOKS, Action.ADMINISTER, this::list);
        actions.open(routes, NEW, Action.ADMINISTER, WebhookPages::newForm, (exchange, fields) -> {
            fields.required("name");
            fields.required("url");
            webhooks.create(wish(fields, fields.text("secret"), Optional.empty()), exchange.actor());
            return WEBHOOKS;
        });
        actions.open(routes, WEBHOOK + "/change", Action.ADMINISTER, this::changeForm, (exchange, fields) -> {
            fields.required("name");
            fields.required("url");
            Optional<String> secret = fields.ticked("unsigned") ? Optional.of("") : fields.text("secret");
            webhooks.update(
                    exchange.path("webhook"),
                    wish(fields, secret, Optional.of(fields.ticked("active"))),
                    exchange.actor());
            return WEBHOOKS;
        });
        actions.open(routes, WEBHOOK + "/delete", Action.ADMINISTER, this::deleteForm, (exchange, fields) -> {
            AccountPages.confirm(fields);
            webhooks.delete(exchange.path("webhook"), exchange.actor());
            return WEBHOOKS;
        });
        actions.openAnswered(routes, WEBHOOK + "/test", Action.ADMINISTER, this::testForm, this::test);
    }

    private Reply list(Exchange exchange) {
        Page<View> page = webhooks.list(exchange.query("page_token"), A_PAGE);
        return pages.page(
                exchange,
                Section.NONE,
                "Webhooks",
                "webhooks",
                new WebhooksView(page.items(), page.next().map(next -> WEBHOOKS + "?page_token=" + Words.query(next))));
    }

    private static Wish wish(FormFields fields, Optional<String> secret, Optional<Boolean> active) {
        List<Event> events = Arrays.stream(Event.values())
                .filter(event -> fields.ticked(EVENT + event.label()))
                .toList();
        if (events.isEmpty()) {
            throw ProblemException.invalid("events", "Tick at least one event that the receiver is told of.");
        }
        return new Wish(
                fields.text("name"),
                Optional.of(fields.text("description").orElse("")),
                fields.text("url"),
                events,
                secret,
                active);
    }

    private static ActionForm newForm(Exchange exchange) {
        ActionForm form = ActionForm.of(Section.NONE, "Make a webhook", NEW, "Make the webhook", WEBHOOKS)
                .saying(
                        "The server posts JSON to the address at each event that is ticked below, and tries again when the"
                                + " receiver does not answer.")
                .text("name", "Name", "", "", true)
                .text("url", "Address", "", "Such as https://example.org/hook.", true)
                .text("description", "Description", "", "", false)
                .secret(
                        "secret",
                        "Secret",
                        "Signs each delivery, so that the receiver knows who sent it. Never shown.");
        return events(form, List.of());
    }

    /** This registry's own events first, since most people want these. */
    private static ActionForm events(ActionForm form, List<Event> ticked) {
        ActionForm with = form;
        List<Event> ordered = Arrays.stream(Event.values())
                .sorted(Comparator.comparing(event -> !event.own()))
                .toList();
        for (Event event : ordered) {
            with = with.ticked(EVENT + event.label(), event.label(), ticked.contains(event));
        }
        return with;
    }

    private ActionForm changeForm(Exchange exchange) {
        Webhook webhook = webhooks.get(exchange.path("webhook")).webhook();
        ActionForm form = ActionForm.of(
                        Section.NONE,
                        "Change the webhook " + webhook.name(),
                        address(webhook, "change"),
                        "Change the webhook",
                        WEBHOOKS)
                .saying("Deliveries that wait are tried again at once. A webhook that is switched off is told of"
                        + " nothing.")
                .ticked("active", "Switched on", webhook.active())
                .text("name", "Name", webhook.name(), "", true)
                .text("url", "Address", webhook.url().text(), "", true)
                .text("description", "Description", webhook.description(), "", false)
                .secret("secret", "Another secret", "Empty: the secret stays as it is.");
        if (webhook.secret().isPresent()) {
            form = form.tick("unsigned", "No secret any more: deliveries are not signed", "");
        }
        return events(form, webhook.events());
    }

    private ActionForm deleteForm(Exchange exchange) {
        Webhook webhook = webhooks.get(exchange.path("webhook")).webhook();
        return ActionForm.of(
                        Section.NONE,
                        "Delete the webhook " + webhook.name(),
                        address(webhook, "delete"),
                        "Delete",
                        WEBHOOKS)
                .saying("The receiver is told of nothing any more, and what waits to be sent is forgotten.")
                .tick("confirm", "Delete the webhook " + webhook.name(), "")
                .dangerous();
    }

    private ActionForm testForm(Exchange exchange) {
        Webhook webhook = webhooks.get(exchange.path("webhook")).webhook();
        return ActionForm.of(
                        Section.NONE,
                        "Test the webhook " + webhook.name(),
                        address(webhook, "test"),
                        "Send an example",
                        WEBHOOKS)
                .saying("The server posts one example to " + webhook.url().place()
                        + " now, and shows what the receiver answers. Nothing else happens.")
                .choice(
                        "event",
                        "Event",
                        webhook.events().getFirst().label(),
                        webhook.events().stream().map(Event::label).toList(),
                        "");
    }

    private Reply test(Exchange exchange, FormFields fields) {
        String id = exchange.path("webhook");
        Webhook webhook = webhooks.get(id).webhook();
        Outcome outcome = webhooks.test(id, fields.text("event").map(Event::parse));
        TriedView view = switch (outcome) {
            case Outcome.Answered answered
            when answered.status() / 100 == 2 ->
                new TriedView(webhook, true, "The receiver answered " + answered.status() + ".", answered.body());
            case Outcome.Answered answered -> new TriedView(webhook, false, answered.words(), answered.body());
            case Outcome.Failed failed -> new TriedView(webhook, false, failed.why(), "");
        };
        return pages.page(exchange, Section.NONE, "The webhook was tested", "webhooktried", view);
    }

    private static String address(Webhook webhook, String action) {
        return WEBHOOKS + "/" + Words.segment(webhook.id()) + "/" + action;
    }
}
