package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's webhooks. */
final class WebhooksDoor {

    private static final String ALL = "/webhooks";
    private static final String ONE = ALL + "/{webhook}";
    private static final int USUALLY_LISTED = 100;
    private static final int MOST_LISTED = 1000;

    /** As MLflow numbers them, from 1. */
    private static final List<String> STATUSES = List.of("ACTIVE", "DISABLED");

    private static final List<String> ENTITIES = List.of(
            "REGISTERED_MODEL",
            "MODEL_VERSION",
            "MODEL_VERSION_TAG",
            "MODEL_VERSION_ALIAS",
            "PROMPT",
            "PROMPT_VERSION",
            "PROMPT_TAG",
            "PROMPT_VERSION_TAG",
            "PROMPT_ALIAS",
            "BUDGET_POLICY");
    private static final List<String> ACTIONS = List.of("CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED");

    private static final String URL = "url";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final WebhookService webhooks;

    WebhooksDoor(WebhookService webhooks) {
        this.webhooks = webhooks;
    }

    void open(MlflowRoutes calls) {
        calls.post(ALL, Action.ADMINISTER, (message, exchange) -> {
            message.named("name");
            message.named("url");
            WebhookService.Wish wish = wish(message);
            requireReadable(wish.events());
            return reply(webhooks.create(wish, exchange.actor()));
        });
        calls.get(ALL, Action.ADMINISTER, this::list);
        calls.get(ONE, Action.ADMINISTER, (message, exchange) -> reply(get(id(exchange))));
        calls.patch(ONE, Action.ADMINISTER, (message, exchange) -> {
            WebhookService.View before = get(id(exchange));
            WebhookService.Wish wish = wish(message);
            if (!wish.events().isEmpty()) {
                requireReadable(wish.events());
                wish = keeping(before, wish, message);
            }
            return reply(webhooks.update(id(exchange), wish, exchange.actor()));
        });
        calls.delete(ONE, Action.ADMINISTER, (message, exchange) -> {
            webhooks.delete(get(id(exchange)).webhook().id(), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.post(ONE + "/test", Action.ADMINISTER, this::test);
    }

    /** Whether MLflow's clients can read a webhook: they cannot without an event that they know. */
    private static boolean readable(WebhookService.View view) {
        return view.webhook().events().stream().anyMatch(Event::known);
    }

    private static void requireReadable(List<Event> events) {
        if (events.stream().noneMatch(Event::known)) {
            throw ProblemException.invalid(
                    "events",
                    "Webhook events must be a non-empty list, with at least one event that MLflow's clients know: they"
                            + " cannot read a webhook without. docs/guides/mlflow.md lists both kinds.");
        }
    }

    /** MLflow's clients do not see the events that they have no word for, and so do not mean to take them away. */
    private static WebhookService.Wish keeping(WebhookService.View before, WebhookService.Wish wish, Message message) {
        if (message.messages(MlflowWebhookJson.OWN_EVENTS).iterator().hasNext()) {
            return wish;
        }
        List<Event> events = new ArrayList<>(wish.events());
        before.webhook().events().stream().filter(event -> !event.known()).forEach(events::add);
        return new WebhookService.Wish(
                wish.name(), wish.description(), wish.url(), events, wish.secret(), wish.active());
    }

    /** A webhook that MLflow's clients cannot read is not there for them. */
    private WebhookService.View get(String id) {
        WebhookService.View view = webhooks.get(id);
        if (!readable(view)) {
            throw ProblemException.notFound("Webhook with ID " + Quoted.plain(id) + " not found.");
        }
        return view;
    }

    private Reply list(Message message, Exchange exchange) {
        Page<WebhookService.View> page = webhooks.list(
                message.string("page_token").filter(token -> !token.isEmpty()),
                message.size("max_results", USUALLY_LISTED, MOST_LISTED));
        ObjectNode json = Json.object();
        MlflowJson.list(
                json,
                "webhooks",
                page.items().stream().filter(WebhooksDoor::readable).toList(),
                MlflowWebhookJson::webhook);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private Reply test(Message message, Exchange exchange) {
        Optional<Event> event =
                message.json().hasNonNull("event") ? Optional.of(event(message.message("event"))) : Optional.empty();
        Outcome outcome = webhooks.test(id(exchange), event);
        ObjectNode json = Json.object();
        json.set("result", MlflowWebhookJson.result(outcome));
        return Reply.ok(json);
    }

    private static WebhookService.Wish wish(Message message) {
        List<Event> events = new ArrayList<>();
        for (String list : List.of("events", MlflowWebhookJson.OWN_EVENTS)) {
            message.messages(list).forEach(event -> events.add(event(event)));
        }
        return new WebhookService.Wish(
                message.string("name").filter(text -> !text.isEmpty()),
                message.string("description"),
                message.string("url").filter(text -> !text.isEmpty()).map(WebhooksDoor::url),
                events,
                message.string("secret"),
                message.choice("status", STATUSES).map("ACTIVE"::equals));
    }

    /**
     * Holds an address to what MLflow's server says of addresses; what only this server refuses is said after MLflow's
     * words.
     */
    private static String url(String text) {
        if (text.isBlank()) {
            throw ProblemException.invalid(
                    URL, "Webhook URL cannot be empty or just whitespace: '" + Quoted.plain(text) + "'");
        }
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.lookingAt() || !SCHEMES.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
            throw ProblemException.invalid(
                    URL,
                    "Invalid webhook URL scheme: '" + (scheme.lookingAt() ? scheme.group(1) : "")
                            + "'. Allowed schemes are: http, https.");
        }
        try {
            return WebhookUrl.parse(text).text();
        } catch (ProblemException wrong) {
            throw ProblemException.invalid(
                    URL,
                    "Invalid webhook URL " + Quoted.of(text) + ": "
                            + wrong.problem().detail());
        }
    }

    private static Event event(Message message) {
        return Event.of(
                message.choice("entity", ENTITIES).orElseThrow(() -> Message.missing("entity")),
                message.choice("action", ACTIONS).orElseThrow(() -> Message.missing("action")));
    }

    private static String id(Exchange exchange) {
        return exchange.path("webhook");
    }

    private static Reply reply(WebhookService.View view) {
        ObjectNode json = Json.object();
        json.set("webhook", MlflowWebhookJson.webhook(view));
        return Reply.ok(json);
    }
}
