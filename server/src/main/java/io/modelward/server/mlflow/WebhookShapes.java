package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.registry.webhook.Event;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.store.catalog.Deliveries;
import io.modelward.store.catalog.Webhooks;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks as MLflow's messages, with how deliveries stand beside. */
final class WebhookShapes {

    /** Events that MLflow's clients do not know, which would make them fail where they look for events. */
    static final String OWN_EVENTS = "modelward_events";

    private WebhookShapes() {}

    static ObjectNode webhook(WebhookService.View view) {
        Webhooks.Row row = view.row();
        ObjectNode json = Json.object()
                .put("webhook_id", row.id())
                .put("name", row.name())
                .put("url", row.url());
        if (!row.description().isEmpty()) {
            json.put("description", row.description());
        }
        List<Event> events = row.events().stream().map(Event::of).toList();
        Shapes.list(json, "events", events.stream().filter(Event::known).toList(), WebhookShapes::event);
        Shapes.list(
                json,
                OWN_EVENTS,
                events.stream().filter(event -> !event.known()).toList(),
                WebhookShapes::event);
        json.put("status", row.active() ? "ACTIVE" : "DISABLED")
                .put("creation_timestamp", row.createdAt().toEpochMilli())
                .put("last_updated_timestamp", row.updatedAt().toEpochMilli())
                .put("signed", row.secret().isPresent())
                .put("deliveries_waiting", view.standing().waiting())
                .put("deliveries_dropped", view.standing().dropped());
        view.standing().last().ifPresent(last -> json.set("last_delivery", delivery(last)));
        return json;
    }

    private static ObjectNode event(Event event) {
        return Json.object()
                .put("entity", event.entity().toUpperCase(Locale.ROOT))
                .put("action", event.action().toUpperCase(Locale.ROOT));
    }

    private static ObjectNode delivery(Deliveries.Row row) {
        ObjectNode json = Json.object()
                .put("delivery_id", WebhookService.deliveryId(row))
                .put("event", row.event())
                .put("state", row.state().name())
                .put("tries", row.tries());
        row.triedAt().ifPresent(at -> json.put("tried_timestamp", at.toEpochMilli()));
        if (row.state() == Deliveries.State.WAITING) {
            json.put("next_try_timestamp", row.nextTry().toEpochMilli());
        }
        if (row.status() > 0) {
            json.put("response_status", row.status());
        }
        if (!row.error().isEmpty()) {
            json.put("error_message", row.error());
        }
        return json;
    }

    static ObjectNode result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> {
                boolean success = answered.status() / 100 == 2;
                ObjectNode json = Json.object()
                        .put("success", success)
                        .put("response_status", answered.status())
                        .put("response_body", answered.body());
                yield success ? json : json.put("error_message", answered.words());
            }
            case Outcome.Failed failed -> Json.object().put("success", false).put("error_message", failed.why());
        };
    }
}
