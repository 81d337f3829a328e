package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.PageToken;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.route.EndpointRemover;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.gateway.route.RevisionView;
import io.modelward.gateway.traffic.TrafficService;
import io.modelward.gateway.traffic.TrafficService.Window;
import io.modelward.registry.Page;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints: what serves, what served, moving and deleting them. */
public final class EndpointsDoor {

    private static final String ENDPOINT = "/api/v1/endpoints/{endpoint}";

    private final EndpointService endpoints;
    private final Mover mover;
    private final EndpointRemover remover;
    private final TrafficService traffic;

    public EndpointsDoor(EndpointService endpoints, Mover mover, EndpointRemover remover, TrafficService traffic) {
        this.traffic = traffic;
        this.remover = remover;
        this.endpoints = endpoints;
        this.mover = mover;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/api/v1/endpoints", Action.READ, exchange -> {
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("endpoints");
            endpoints.list().forEach(endpoint -> list.add(ServingJson.endpoint(endpoint)));
            return Reply.ok(json);
        });
        routes.blocking(
                "GET",
                ENDPOINT,
                Action.READ,
                exchange -> Reply.ok(ServingJson.endpoint(endpoints.get(name(exchange)))));
        routes.blocking("GET", ENDPOINT + "/revisions", Action.READ, this::revisions);
        routes.blocking("GET", ENDPOINT + "/traffic", Action.READ, this::traffic);
        routes.blocking("PUT", ENDPOINT, Action.RELEASE, this::put);
        routes.blocking("POST", ENDPOINT + "/flip", Action.RELEASE, this::flip);
        routes.blocking("POST", ENDPOINT + "/rollback", Action.RELEASE, this::rollback);
        routes.blocking("DELETE", ENDPOINT, Action.DELETE, exchange -> {
            remover.delete(
                    name(exchange), exchange.wholeQuery("expected_revision"), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
    }

    private static EndpointName name(Exchange exchange) {
        return EndpointName.parse(exchange.path("endpoint"));
    }

    private Reply put(Exchange exchange) throws IOException {
        Body body = exchange.body("model", "version", "change_contract", "evaluate", "reason", "expected_revision");
        return move(
                exchange,
                body,
                "flip",
                Optional.of(ModelName.parse(body.required("model"))),
                Optional.of(body.selector("version")));
    }

    private Reply flip(Exchange exchange) throws IOException {
        Body body = exchange.body("version", "model", "reason", "expected_revision", "change_contract", "evaluate");
        body.required("reason");
        endpoints.get(name(exchange));
        return move(
                exchange,
                body,
                "flip",
                body.string("model").map(ModelName::parse),
                Optional.of(body.selector("version")));
    }

    private Reply rollback(Exchange exchange) throws IOException {
        Body body = exchange.body("reason", "expected_revision", "change_contract", "evaluate");
        body.required("reason");
        endpoints.get(name(exchange));
        return move(exchange, body, "rollback", Optional.empty(), Optional.empty());
    }

    private Reply move(
            Exchange exchange, Body body, String cause, Optional<ModelName> model, Optional<Selector> version) {
        EndpointView view = mover.move(
                name(exchange),
                new Move(
                        cause,
                        model,
                        version,
                        body.number("expected_revision"),
                        body.flag("change_contract"),
                        evaluate(body),
                        exchange.actor(),
                        body.string("reason").orElse("")));
        return Reply.of(view.created() ? 201 : 200, ServingJson.endpoint(view));
    }

    private static Optional<Boolean> evaluate(Body body) {
        return body.string("evaluate").map(word -> switch (word) {
            case "auto" -> true;
            case "off" -> false;
            default ->
                throw ProblemException.invalid(
                        "evaluate",
                        "evaluate is auto, and the server evaluates the version itself where it can, or off, and the"
                                + " version stays in its worker.");
        });
    }

    private Reply traffic(Exchange exchange) {
        EndpointName name = name(exchange);
        endpoints.get(name);
        return Reply.ok(TrafficJson.traffic(
                traffic.of(
                        name,
                        switch (exchange.query("window").orElse("hour")) {
                            case "hour" -> Window.HOUR;
                            case "day" -> Window.DAY;
                            default -> throw ProblemException.invalid("window", "window is hour or day.");
                        }),
                traffic.recent(name)));
    }

    private Reply revisions(Exchange exchange) {
        Page<RevisionView> page = endpoints.revisions(name(exchange), exchange.pageBefore(), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("revisions");
        page.items().forEach(revision -> list.add(ServingJson.revision(revision)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }
}
