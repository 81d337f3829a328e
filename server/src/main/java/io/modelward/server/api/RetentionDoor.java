package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.retention.KeptTag;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.time.Durations;
import io.modelward.core.version.SemVer;
import io.modelward.registry.collect.GarbageCollection;
import io.modelward.registry.retention.LeftoverService;
import io.modelward.registry.retention.RetentionRules;
import io.modelward.registry.retention.RetentionService;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rules of retention, what they do, holds against them, and the collection of what nothing names. */
public final class RetentionDoor {

    private static final String ALL = "/api/v1/retention";
    private static final String SERVER = ALL + "/server";
    private static final String NAMESPACE = ALL + "/namespaces/{namespace}";
    private static final String MODEL = "/api/v1/models/{namespace}/{name}";
    private static final String OF_MODEL = MODEL + "/retention";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final String GC = "/api/v1/gc";
    private static final int MOST_TAGS = 100;

    private final RetentionRules rules;
    private final RetentionService service;
    private final LeftoverService leftovers;
    private final GarbageCollection garbage;

    public RetentionDoor(
            RetentionRules rules, RetentionService service, LeftoverService leftovers, GarbageCollection garbage) {
        this.rules = rules;
        this.service = service;
        this.leftovers = leftovers;
        this.garbage = garbage;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ALL, Action.READ, exchange -> {
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("rules");
            rules.list().forEach(rule -> list.add(RetentionJson.rule(rule)));
            return Reply.ok(json);
        });
        routes.blocking("PUT", SERVER, Action.ADMINISTER, exchange -> {
            Body body = body(exchange);
            return Reply.ok(RetentionJson.rule(rules.setOfServer(rule(body), exchange.actor(), reason(body))));
        });
        routes.blocking("DELETE", SERVER, Action.ADMINISTER, exchange -> {
            rules.removeOfServer(exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking(
                "GET",
                SERVER + "/preview",
                Action.ADMINISTER,
                exchange -> Reply.ok(RetentionJson.leftovers(leftovers.preview())));
        routes.blocking("POST", SERVER + "/run", Action.ADMINISTER, exchange -> {
            Body body = exchange.optionalBody("reason");
            return Reply.ok(RetentionJson.leftovers(leftovers.run(exchange.actor(), reason(body))));
        });
        routes.blocking("PUT", NAMESPACE, Action.ADMINISTER, exchange -> {
            Body body = body(exchange);
            return Reply.ok(RetentionJson.rule(
                    rules.setOfNamespace(exchange.path("namespace"), rule(body), exchange.actor(), reason(body))));
        });
        routes.blocking("DELETE", NAMESPACE, Action.ADMINISTER, exchange -> {
            rules.removeOfNamespace(exchange.path("namespace"), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        ofModels(routes);
        ofVersions(routes);
        routes.blocking("GET", GC, Action.ADMINISTER, exchange -> Reply.ok(RetentionJson.status(garbage.status())));
        routes.blocking("POST", GC, Action.ADMINISTER, exchange -> {
            Body body = exchange.optionalBody("reason");
            return exchange.flag("dry_run")
                    ? Reply.ok(RetentionJson.estimate(garbage.estimate()))
                    : Reply.of(202, RetentionJson.status(garbage.begin(exchange.actor(), reason(body))));
        });
    }

    private void ofModels(HttpRoute.Table routes) {
        routes.blocking(
                "GET",
                OF_MODEL,
                Action.READ,
                exchange -> Reply.ok(RetentionJson.standing(service.standing(ModelsDoor.model(exchange)))));
        routes.blocking("PUT", OF_MODEL, Action.DELETE, exchange -> {
            Body body = body(exchange);
            return Reply.ok(RetentionJson.rule(
                    rules.setOfModel(ModelsDoor.model(exchange), rule(body), exchange.actor(), reason(body))));
        });
        routes.blocking("DELETE", OF_MODEL, Action.DELETE, exchange -> {
            rules.removeOfModel(ModelsDoor.model(exchange), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking(
                "GET",
                OF_MODEL + "/preview",
                Action.READ,
                exchange -> Reply.ok(RetentionJson.preview(service.preview(ModelsDoor.model(exchange)))));
        routes.blocking("POST", OF_MODEL + "/run", Action.DELETE, exchange -> {
            Body body = exchange.optionalBody("fingerprint", "confirm", "reason");
            return Reply.ok(RetentionJson.done(service.run(
                    ModelsDoor.model(exchange),
                    body.string("fingerprint"),
                    body.flag("confirm"),
                    exchange.actor(),
                    reason(body))));
        });
    }

    private void ofVersions(HttpRoute.Table routes) {
        routes.blocking("POST", VERSION + "/hold", Action.DELETE, exchange -> {
            String reason = exchange.body("reason").required("reason");
            service.hold(ModelsDoor.model(exchange), number(exchange), exchange.actor(), reason);
            return Reply.nothing();
        });
        routes.blocking("POST", VERSION + "/release", Action.DELETE, exchange -> {
            String reason = exchange.body("reason").required("reason");
            service.release(ModelsDoor.model(exchange), number(exchange), exchange.actor(), reason);
            return Reply.nothing();
        });
        routes.blocking(
                "GET",
                VERSION + "/tombstone",
                Action.READ,
                exchange -> Reply.ok(
                        RetentionJson.tombstone(service.tombstone(ModelsDoor.model(exchange), number(exchange)))));
    }

    private static SemVer number(Exchange exchange) {
        return SemVer.parse(exchange.path("version"));
    }

    private static Body body(Exchange exchange) {
        return exchange.body("keep_last", "per_major", "delete_after", "keep_tags", "reason");
    }

    private static RetentionRule rule(Body body) {
        OptionalLong last = body.number("keep_last");
        if (last.isPresent() && last.getAsLong() > Integer.MAX_VALUE) {
            throw ProblemException.invalid("keep_last", "keep_last is a whole number from 0 to 1000000.");
        }
        return new RetentionRule(
                (int) last.orElse(RetentionRule.KEEP_LAST),
                body.flag("per_major"),
                body.string("delete_after")
                        .map(text -> Durations.parse(text, "delete_after"))
                        .orElse(RetentionRule.DELETE_AFTER),
                tags(body.member("keep_tags")));
    }

    private static List<KeptTag> tags(JsonNode given) {
        List<KeptTag> tags = new ArrayList<>();
        if (given.isMissingNode()) {
            return tags;
        }
        if (!given.isArray() || given.size() > MOST_TAGS) {
            throw ProblemException.invalid("keep_tags", "keep_tags is a list of at most 20 texts KEY or KEY=VALUE.");
        }
        for (JsonNode one : given) {
            if (!one.isString()) {
                throw ProblemException.invalid("keep_tags", "Each of keep_tags is a text KEY or KEY=VALUE.");
            }
            tags.add(KeptTag.parse(one.stringValue()));
        }
        return tags;
    }

    private static String reason(Body body) {
        return body.string("reason").orElse("");
    }
}
