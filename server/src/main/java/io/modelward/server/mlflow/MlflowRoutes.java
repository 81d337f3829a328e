package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Opens MLflow's calls at each address that its clients use, and reads their messages. */
record MlflowRoutes(HttpRoute.Table routes) {

    /** Where clients and the browser find the same calls. */
    static final List<String> PREFIXES = List.of("/api/2.0/mlflow", "/ajax-api/2.0/mlflow");

    private static final int MAX_BODY = 24 << 20;

    /** What a call does. */
    @FunctionalInterface
    interface Call {
        Reply answer(Message message, Exchange exchange) throws IOException;
    }

    /** A call by GET, which only looks; {@code lists} names the parameters that may be repeated. */
    void get(String path, Action needs, Call call, String... lists) {
        PREFIXES.forEach(prefix -> getAt(prefix + path, needs, call, lists));
    }

    void getAt(String address, Action needs, Call call, String... lists) {
        routes.blocking("GET", address, needs, exchange -> call.answer(query(exchange, List.of(lists)), exchange));
    }

    /** A call that changes something, or that only looks where what is asked may be long. */
    void post(String path, Action needs, Call call) {
        send("POST", path, needs, call);
    }

    void postAt(String address, Action needs, Call call) {
        routes.blocking("POST", address, needs, exchange -> call.answer(body(exchange), exchange));
    }

    void patch(String path, Action needs, Call call) {
        send("PATCH", path, needs, call);
    }

    /** A call that takes something away: what, its address says or its body, which may be missing. */
    void delete(String path, Action needs, Call call) {
        PREFIXES.forEach(prefix -> routes.blocking("DELETE", prefix + path, needs, exchange -> {
            boolean described = exchange.header("Content-Type").isPresent();
            return call.answer(described ? body(exchange) : Message.of(Json.object()), exchange);
        }));
    }

    private void send(String method, String path, Action needs, Call call) {
        PREFIXES.forEach(prefix ->
                routes.blocking(method, prefix + path, needs, exchange -> call.answer(body(exchange), exchange)));
    }

    private static Message query(Exchange exchange, List<String> lists) {
        ObjectNode json = Json.object();
        for (String name : exchange.queryNames()) {
            List<String> values = exchange.queries(name);
            if (lists.contains(name)) {
                ArrayNode list = json.putArray(name);
                values.forEach(list::add);
            } else {
                json.put(name, values.getFirst());
            }
        }
        return new Message(json);
    }

    private static Message body(Exchange exchange) throws IOException {
        String type = exchange.header("Content-Type").orElse("");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            throw ProblemException.invalid(
                    "Content-Type", "Bad Request. Content-Type must be one of ['application/json'].");
        }
        JsonNode json = exchange.json(MAX_BODY).orElseGet(Json::object);
        // Some clients encode what they have encoded already.
        return Message.of(json.isString() ? exchange.parse(json.stringValue().getBytes(StandardCharsets.UTF_8)) : json);
    }
}
