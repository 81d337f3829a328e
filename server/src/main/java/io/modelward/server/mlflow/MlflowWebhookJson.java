package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks as MLflow's messages, with how deliveries stand beside. */
final class MlflowWebhookJson {

    /** Events that MLflow's clients do not know, which would make them fail where they look for events. */
    static final String OWN_EVENTS = "modelward_events";

    private MlflowWebhookJson() {}

    static ObjectNode webhook(WebhookService.View view) {
        Webhook webhook = view.webhook();
        ObjectNode json = Json.object()
                .put("webhook_id", webhook.id())
                .put("name", webhook.name())
                .put("url", webhook.url().text());
        if (!webhook.description().isEmpty()) {
            json.put("description", webhook.description());
        }
        List<Event> events = webhook.events();
        MlflowJson.list(json, "events", events.stream().filter(Event::known).toList(), MlflowWebhookJson::event);
        MlflowJson.list(
                json,
                OWN_EVENTS,
                events.stream().filter(event -> !event.known()).toList(),
                MlflowWebhookJson::event);
        json.put("status", webhook.active() ? "ACTIVE" : "DISABLED")
                .put("creation_timestamp", webhook.createdAt().toEpochMilli())
                .put("last_updated_timestamp", webhook.updatedAt().toEpochMilli())
                .put("signed", webhook.secret().isPresent())
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

    private static ObjectNode delivery(Delivery delivery) {
        ObjectNode json = Json.object()
                .put("delivery_id", delivery.id())
                .put("event", delivery.event().label())
                .put("state", delivery.state().name())
                .put("tries", delivery.tries());
        delivery.triedAt().ifPresent(at -> json.put("tried_timestamp", at.toEpochMilli()));
        if (delivery.state() == DeliveryState.WAITING) {
            json.put("next_try_timestamp", delivery.nextTry().toEpochMilli());
        }
        if (delivery.status() > 0) {
            json.put("response_status", delivery.status());
        }
        if (!delivery.error().isEmpty()) {
            json.put("error_message", delivery.error());
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
