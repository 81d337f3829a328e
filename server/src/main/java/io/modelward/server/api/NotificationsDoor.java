package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.time.Durations;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.registry.Page;
import io.modelward.registry.channel.ChannelService;
import io.modelward.registry.channel.ChannelWish;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Channels of notifications: which people are told of what. */
public final class NotificationsDoor {

    private static final String ALL = "/api/v1/notifications/channels";
    private static final String ONE = ALL + "/{channel}";
    private static final int MOST_NAMES = 100;
    private static final String[] MEMBERS = {
        "webhook", "slack", "email", "secret", "events", "models", "endpoints", "quiet", "timezone", "repeat"
    };

    private final ChannelService channels;

    public NotificationsDoor(ChannelService channels) {
        this.channels = channels;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ALL, Action.ADMINISTER, _ -> {
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("channels");
            channels.list().forEach(view -> list.add(channel(view)));
            return Reply.ok(json);
        });
        routes.blocking("POST", ALL, Action.ADMINISTER, exchange -> {
            List<String> members = new ArrayList<>(List.of(MEMBERS));
            members.add("name");
            Body body = exchange.body(members.toArray(String[]::new));
            return Reply.of(201, channel(channels.create(body.required("name"), wish(body), exchange.actor())));
        });
        routes.blocking("GET", ONE, Action.ADMINISTER, exchange -> Reply.ok(channel(channels.get(name(exchange)))));
        routes.blocking("PUT", ONE, Action.ADMINISTER, this::replace);
        routes.blocking("DELETE", ONE, Action.ADMINISTER, exchange -> {
            channels.delete(name(exchange), exchange.actor());
            return Reply.nothing();
        });
        routes.blocking("POST", ONE + "/test", Action.ADMINISTER, exchange -> {
            exchange.optionalBody();
            return Reply.ok(result(channels.test(name(exchange))));
        });
        routes.blocking("GET", ONE + "/deliveries", Action.ADMINISTER, this::deliveries);
    }

    private Reply replace(Exchange exchange) throws IOException {
        return Reply.ok(channel(channels.replace(name(exchange), wish(exchange.body(MEMBERS)), exchange.actor())));
    }

    private Reply deliveries(Exchange exchange) {
        Page<NotificationDelivery> page =
                channels.deliveries(name(exchange), exchange.query("page_token"), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("deliveries");
        page.items().forEach(delivery -> list.add(delivery(delivery)));
        page.next().ifPresent(next -> json.put("next_page_token", next));
        return Reply.ok(json);
    }

    private static String name(Exchange exchange) {
        return exchange.path("channel");
    }

    private static ChannelWish wish(Body body) {
        return new ChannelWish(
                body.string("webhook"),
                body.string("slack"),
                body.string("email"),
                body.string("secret"),
                texts(body, "events"),
                texts(body, "models"),
                texts(body, "endpoints"),
                body.string("quiet"),
                body.string("timezone"),
                body.string("repeat"));
    }

    private static List<String> texts(Body body, String name) {
        JsonNode given = body.member(name);
        List<String> texts = new ArrayList<>();
        if (given.isMissingNode()) {
            return texts;
        }
        if (!given.isArray() || given.size() > MOST_NAMES) {
            throw ProblemException.invalid(name, name + " is an array of at most " + MOST_NAMES + " texts.");
        }
        for (JsonNode text : given) {
            if (!text.isString()) {
                throw ProblemException.invalid(name, name + " is an array of texts.");
            }
            texts.add(text.stringValue());
        }
        return texts;
    }

    private static ObjectNode channel(ChannelService.View view) {
        NotificationChannel channel = view.channel();
        ObjectNode json = Json.object()
                .put("name", channel.name())
                .put("kind", channel.kind().label())
                .put("target", channel.shown())
                .put("signed", channel.secret().isPresent());
        ArrayNode events = json.putArray("events");
        channel.filter().events().stream().map(NotificationEvent::label).forEach(events::add);
        channel.filter().models().forEach(json.putArray("models")::add);
        channel.filter().endpoints().forEach(json.putArray("endpoints")::add);
        channel.quiet()
                .ifPresent(quiet -> json.put("quiet", quiet.hours())
                        .put("timezone", quiet.zone().getId()));
        json.put("repeat", Durations.write(channel.repeat()))
                .put("created_at", channel.createdAt().toString())
                .put("updated_at", channel.updatedAt().toString());
        ObjectNode messages =
                json.putObject("messages").put("waiting", view.standing().waiting());
        view.standing().last().ifPresent(last -> messages.set("last", message(last)));
        return json;
    }

    private static ObjectNode delivery(NotificationDelivery delivery) {
        ObjectNode json = Json.object()
                .put("number", delivery.number())
                .put("event", delivery.event().label())
                .put("title", delivery.title())
                .put("at", delivery.at().toString());
        json.set("message", message(delivery.message()));
        return json;
    }

    private static ObjectNode message(NotificationMessage message) {
        ObjectNode json = Json.object()
                .put("id", message.id())
                .put("kind", message.kind().name())
                .put("state", message.state().name())
                .put("notices", message.deliveries() + message.leftOut())
                .put("tries", message.tries());
        message.triedAt().ifPresent(at -> json.put("tried_at", at.toString()));
        if (message.state() == DeliveryState.WAITING) {
            json.put("next_try_at", message.nextTry().toString());
        }
        if (message.status() > 0) {
            json.put("status", message.status());
        }
        return message.error().isEmpty() ? json : json.put("error", message.error());
    }

    private static ObjectNode result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> {
                boolean delivered = answered.status() / 100 == 2;
                ObjectNode json = Json.object().put("delivered", delivered).put("status", answered.status());
                yield delivered ? json : json.put("error", answered.words());
            }
            case Outcome.Failed failed -> Json.object().put("delivered", false).put("error", failed.why());
        };
    }
}
