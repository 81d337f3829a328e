package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks: who is told of what happens. The same ones as in MLflow's door, with this registry's words. */
public final class EventsDoor {

    private static final String ALL = "/api/v1/webhooks";
    private static final String ONE = ALL + "/{webhook}";
    private static final int MOST_EVENTS = 100;

    private final WebhookService webhooks;

    public EventsDoor(WebhookService webhooks) {
        this.webhooks = webhooks;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ALL, Action.ADMINISTER, this::list);
        routes.blocking("POST", ALL, Action.ADMINISTER, exchange -> {
            Body body = body(exchange);
            body.required("name");
            body.required("url");
            return Reply.of(201, webhook(webhooks.create(wish(body), exchange.actor())));
        });
        routes.blocking("GET", ONE, Action.ADMINISTER, exchange -> Reply.ok(webhook(webhooks.get(id(exchange)))));
        routes.blocking(
                "PATCH",
                ONE,
                Action.ADMINISTER,
                exchange -> Reply.ok(webhook(webhooks.update(id(exchange), wish(body(exchange)), exchange.actor()))));
        routes.blocking("DELETE", ONE, Action.ADMINISTER, exchange -> {
            webhooks.delete(id(exchange), exchange.actor());
            return Reply.nothing();
        });
        routes.blocking("POST", ONE + "/test", Action.ADMINISTER, exchange -> {
            Optional<Event> event =
                    exchange.optionalBody("event").string("event").map(Event::parse);
            return Reply.ok(result(webhooks.test(id(exchange), event)));
        });
    }

    private Reply list(Exchange exchange) {
        Page<WebhookService.View> page = webhooks.list(exchange.query("page_token"), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("webhooks");
        page.items().forEach(view -> list.add(webhook(view)));
        page.next().ifPresent(next -> json.put("next_page_token", next));
        return Reply.ok(json);
    }

    private static Body body(Exchange exchange) throws IOException {
        return exchange.body("name", "description", "url", "events", "secret", "active");
    }

    private static WebhookService.Wish wish(Body body) {
        List<Event> events = new ArrayList<>();
        JsonNode given = body.member("events");
        if (!given.isMissingNode()) {
            if (!given.isArray() || given.isEmpty() || given.size() > MOST_EVENTS) {
                throw ProblemException.invalid(
                        "events", "events is an array of 1 to " + MOST_EVENTS + " texts such as rollout.held.");
            }
            for (JsonNode event : given) {
                events.add(Event.parse(event.isString() ? event.stringValue() : event.toString()));
            }
        }
        return new WebhookService.Wish(
                body.string("name"),
                body.string("description"),
                body.string("url"),
                events,
                body.string("secret"),
                body.member("active").isMissingNode() ? Optional.empty() : Optional.of(body.flag("active")));
    }

    private static String id(Exchange exchange) {
        return exchange.path("webhook");
    }

    private static ObjectNode webhook(WebhookService.View view) {
        Webhook webhook = view.webhook();
        ObjectNode json = Json.object()
                .put("id", webhook.id())
                .put("name", webhook.name())
                .put("description", webhook.description())
                .put("url", webhook.url().text())
                .put("active", webhook.active())
                .put("signed", webhook.secret().isPresent())
                .put("created_at", webhook.createdAt().toString())
                .put("updated_at", webhook.updatedAt().toString());
        ArrayNode events = json.putArray("events");
        webhook.events().forEach(event -> events.add(event.label()));
        ObjectNode deliveries = json.putObject("deliveries")
                .put("waiting", view.standing().waiting())
                .put("dropped", view.standing().dropped());
        view.standing().last().ifPresent(last -> deliveries.set("last", delivery(last)));
        return json;
    }

    private static ObjectNode delivery(Delivery delivery) {
        ObjectNode json = Json.object()
                .put("id", delivery.id())
                .put("event", delivery.event().label())
                .put("state", delivery.state().name())
                .put("tries", delivery.tries());
        delivery.triedAt().ifPresent(at -> json.put("tried_at", at.toString()));
        if (delivery.state() == DeliveryState.WAITING) {
            json.put("next_try_at", delivery.nextTry().toString());
        }
        if (delivery.status() > 0) {
            json.put("status", delivery.status());
        }
        return delivery.error().isEmpty() ? json : json.put("error", delivery.error());
    }

    private static ObjectNode result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> {
                boolean delivered = answered.status() / 100 == 2;
                ObjectNode json = Json.object()
                        .put("delivered", delivered)
                        .put("status", answered.status())
                        .put("body", answered.body());
                yield delivered ? json : json.put("error", answered.words());
            }
            case Outcome.Failed failed -> Json.object().put("delivered", false).put("error", failed.why());
        };
    }
}
