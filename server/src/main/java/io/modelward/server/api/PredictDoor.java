package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.Role;
import io.modelward.gateway.model.ServedVersion;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.predict.Request;
import io.modelward.runtime.JsonBytes;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Permission;
import io.modelward.server.http.Route;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import tools.jackson.databind.node.StringNode;

/** Predictions. Nothing here blocks: a small request is read and checked where it arrived, and answered when the model is done. */
public final class PredictDoor {

    private static final int MAX_BODY = 32 << 20;
    /** A body beyond this is parsed elsewhere, so that it does not hold up the connections beside it. */
    private static final int SMALL = 64 << 10;

    private final Predictor predictor;
    private final Executor parsers;

    /** @param parsers platform threads for large bodies */
    public PredictDoor(Predictor predictor, Executor parsers) {
        this.predictor = predictor;
        this.parsers = parsers;
    }

    public void open(Route.Table routes) {
        routes.async("POST", "/predict/{endpoint}", Permission.PREDICT, this::predict);
    }

    private void predict(Exchange exchange) {
        exchange.requireJson();
        exchange.refuseLarger(MAX_BODY);
        Content.Source.asByteArrayAsync(
                exchange.request(),
                MAX_BODY,
                Promise.Invocable.from(
                        InvocationType.NON_BLOCKING,
                        body -> received(exchange, body),
                        failure -> exchange.fail(
                                failure instanceof IllegalStateException ? Exchange.tooLarge(MAX_BODY) : failure)));
    }

    private void received(Exchange exchange, byte[] body) {
        if (body.length <= SMALL) {
            predict(exchange, body);
        } else {
            parsers.execute(() -> predict(exchange, body));
        }
    }

    private void predict(Exchange exchange, byte[] body) {
        try {
            predictor.predict(request(exchange, body)).whenComplete((prediction, failure) -> {
                if (prediction == null) {
                    exchange.fail(failure);
                } else {
                    answer(exchange, prediction);
                }
            });
        } catch (RuntimeException refused) {
            exchange.fail(refused);
        }
    }

    /** Callers who name an arm, who ask again, or who only look whether the endpoint lives, say nothing about a candidate. */
    private static Request request(Exchange exchange, byte[] body) {
        Optional<Role> pinned = exchange.header("Modelward-Arm").map(arm -> switch (arm) {
            case "active" -> Role.ACTIVE;
            case "canary" -> Role.CANARY;
            default -> throw ProblemException.invalid("Modelward-Arm", "Modelward-Arm is active or canary.");
        });
        boolean counted = exchange.header("Modelward-Uncounted")
                .map(why -> {
                    if (!why.equals("retry") && !why.equals("probe")) {
                        throw ProblemException.invalid(
                                "Modelward-Uncounted", "Modelward-Uncounted says why: retry or probe.");
                    }
                    return false;
                })
                .orElse(true);
        return new Request(exchange.path("endpoint"), body, pinned, counted);
    }

    private static void answer(Exchange exchange, Prediction prediction) {
        ServedVersion version = prediction.version();
        String id = prediction.id().toString();
        JsonBytes json = new JsonBytes()
                .put("{\"predictions\":")
                .put(prediction.predictions())
                .put(",\"model\":")
                .put(quoted(version.model().toString()))
                .put(",\"model_version\":")
                .put(quoted(version.version().toString()))
                .put(",\"digest\":")
                .put(quoted(version.digest().toString()))
                .put(",\"prediction_id\":")
                .put(quoted(id));
        if (!prediction.logged()) {
            json.put(",\"logged\":false");
        }
        HttpFields.Mutable headers = exchange.response().getHeaders();
        headers.put("Modelward-Version", version.version().toString());
        headers.put("Modelward-Digest", version.digest().toString());
        headers.put("Modelward-Prediction-Id", id);
        exchange.send(200, "application/json", json.put('}').toArray());
    }

    /** Names, versions and ids hold nothing that JSON would escape, but that is for their types to promise, not for this line. */
    private static String quoted(String text) {
        return Json.write(StringNode.valueOf(text));
    }
}
