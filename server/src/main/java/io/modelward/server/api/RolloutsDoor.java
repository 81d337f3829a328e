package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.EvidenceExport;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.search.PageToken;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.rollout.SensitivityWords;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.server.http.Body;
import io.modelward.server.http.EventStream;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rollouts: starting, steering and watching them, and the versions that were rolled back. */
public final class RolloutsDoor {

    private static final int LONGEST_KEY = 200;
    private static final String OF_ENDPOINT = "/api/v1/endpoints/{endpoint}/rollouts";
    private static final String ROLLOUT = "/api/v1/rollouts/{rollout}";
    private static final String QUARANTINE = "/api/v1/endpoints/{endpoint}/quarantine";
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(200);
    private static final int PAUSES_PER_COMMENT = 50;

    private final RolloutService rollouts;
    private final SensitivityWords sensitivity = new SensitivityWords();

    public RolloutsDoor(RolloutService rollouts) {
        this.rollouts = rollouts;
    }

    /** What a person tells a rollout to do. */
    @FunctionalInterface
    private interface Order {
        RolloutView give(String id, Actor actor, String reason);
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("POST", OF_ENDPOINT, Action.RELEASE, this::start);
        routes.blocking("GET", OF_ENDPOINT, Action.READ, this::list);
        routes.blocking("GET", ROLLOUT, Action.READ, exchange -> shown(rollouts.get(id(exchange))));
        routes.blocking("POST", ROLLOUT + "/hold", Action.RELEASE, exchange -> order(exchange, rollouts::hold));
        routes.blocking("POST", ROLLOUT + "/resume", Action.RELEASE, exchange -> order(exchange, rollouts::resume));
        routes.blocking("POST", ROLLOUT + "/promote", Action.RELEASE, exchange -> order(exchange, rollouts::promote));
        routes.blocking("POST", ROLLOUT + "/abort", Action.RELEASE, exchange -> order(exchange, rollouts::abort));
        routes.blocking("GET", ROLLOUT + "/evidence", Action.READ, this::evidence);
        routes.blocking(
                "GET",
                ROLLOUT + "/series",
                Action.READ,
                exchange -> Reply.ok(TrafficJson.series(rollouts.series(id(exchange)))));
        routes.stream("GET", ROLLOUT + "/events", Action.READ, this::events);
        routes.blocking("GET", QUARANTINE, Action.READ, exchange -> quarantines(endpoint(exchange)));
        routes.blocking("POST", QUARANTINE + "/release", Action.RELEASE, this::release);
    }

    private static String id(Exchange exchange) {
        return exchange.path("rollout");
    }

    private static EndpointName endpoint(Exchange exchange) {
        return EndpointName.parse(exchange.path("endpoint"));
    }

    private Reply start(Exchange exchange) throws IOException {
        List<String> known = new ArrayList<>(List.of("candidate", "model", "reason", "supersede", "expected_revision"));
        known.addAll(PlanReader.FIELDS);
        Body body = exchange.body(known.toArray(String[]::new));
        RolloutView view = rollouts.start(new RolloutStart(
                endpoint(exchange),
                body.string("model").map(ModelName::parse),
                body.selector("candidate"),
                PlanReader.read(body.only(PlanReader.FIELDS)),
                body.flag("supersede"),
                body.number("expected_revision"),
                exchange.header("Idempotency-Key").map(RolloutsDoor::idempotencyKey),
                body.text(),
                exchange.actor(),
                body.string("reason").orElse("")));
        return Reply.of(201, json(view));
    }

    private static String idempotencyKey(String key) {
        if (key.length() > LONGEST_KEY) {
            throw ProblemException.invalid(
                    "Idempotency-Key", "An idempotency key has at most " + LONGEST_KEY + " characters.");
        }
        return key;
    }

    private Reply order(Exchange exchange, Order order) throws IOException {
        Body body = exchange.body("reason");
        return shown(order.give(id(exchange), exchange.actor(), body.required("reason")));
    }

    private Reply shown(RolloutView view) {
        return Reply.ok(json(view));
    }

    private ObjectNode json(RolloutView view) {
        return RolloutJson.full(view, sensitivity.of(view.rollout().plan()));
    }

    private Reply list(Exchange exchange) {
        Page<RolloutView> page = rollouts.list(endpoint(exchange), exchange.pageBefore(), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("rollouts");
        page.items().forEach(view -> list.add(RolloutJson.brief(view)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    /** A rollout of a day has half a million ticks, so they are written as they are read. */
    private Reply evidence(Exchange exchange) {
        RolloutRecord kept = rollouts.kept(id(exchange));
        byte[] head = Json.bytes(EvidenceExport.head(kept.rollout()));
        return Reply.written(out -> {
            out.write(head, 0, head.length - 1);
            out.write(",\"ticks\":[".getBytes(StandardCharsets.UTF_8));
            long after = 0;
            for (List<ScoredTick> ticks = rollouts.ticks(kept, 0);
                    !ticks.isEmpty();
                    ticks = rollouts.ticks(kept, after)) {
                for (ScoredTick tick : ticks) {
                    if (after > 0) {
                        out.write(',');
                    }
                    out.write(Json.bytes(EvidenceExport.write(tick)));
                    after = tick.number();
                }
            }
            out.write("]}".getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The rollout whenever it has changed, until it ends. */
    private void events(Exchange exchange, EventStream events) throws IOException, InterruptedException {
        String id = id(exchange);
        Optional<RolloutView> shown = Optional.empty();
        int silent = 0;
        while (true) {
            RolloutView view = rollouts.get(id);
            if (shown.isEmpty() || !shown.get().equals(view)) {
                events.event("rollout", json(view));
                shown = Optional.of(view);
                silent = 0;
            } else if (++silent % PAUSES_PER_COMMENT == 0) {
                events.comment("nothing new");
            }
            if (view.rollout().state().ended() || !events.pause(BETWEEN_EVENTS)) {
                return;
            }
        }
    }

    private Reply quarantines(EndpointName endpoint) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("quarantine");
        rollouts.quarantines(endpoint).forEach(one -> list.add(RolloutJson.quarantine(one)));
        return Reply.ok(json);
    }

    private Reply release(Exchange exchange) throws IOException {
        Body body = exchange.body("version", "reason");
        rollouts.release(
                endpoint(exchange), SemVer.parse(body.required("version")), exchange.actor(), body.required("reason"));
        return quarantines(endpoint(exchange));
    }
}
