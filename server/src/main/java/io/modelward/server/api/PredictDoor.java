package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.digest.Digest;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.predict.PredictRequest;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Predictor;
import io.modelward.runtime.JsonBytes;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.RequestMemory;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.eclipse.jetty.http.HttpFields;

/**
 * Predictions. Nothing here blocks: a small request is read and checked where it arrived, and answered when the model
 * is done.
 */
public final class PredictDoor {

    private static final int MAX_BODY = 32 << 20;

    private final Predictor predictor;
    private final Executor parsers;
    private final RequestMemory memory;
    private final AtomicReferenceArray<VersionText> texts = new AtomicReferenceArray<>(VersionText.KEPT);

    /** @param parsers platform threads for large bodies, which must not hold up the connections beside them */
    public PredictDoor(Predictor predictor, Executor parsers, RequestMemory memory) {
        this.predictor = predictor;
        this.parsers = parsers;
        this.memory = memory;
    }

    public void open(HttpRoute.Table routes) {
        routes.async("POST", "/predict/{endpoint}", Action.PREDICT, this::predict);
    }

    private void predict(Exchange exchange) {
        exchange.requireJson();
        long announced = exchange.request().getLength();
        boolean small = announced >= 0 && announced <= RequestMemory.SMALL;
        Reservation held = exchange.reserve(small ? memory.small() : memory.large());
        var _ = exchange.bodyAsync(MAX_BODY, held).whenComplete((body, failure) -> {
            if (body == null) {
                exchange.fail(failure);
            } else if (small) {
                exchange.asCaller(() -> predict(exchange, body, held));
            } else {
                try {
                    parsers.execute(() -> exchange.asCaller(() -> predict(exchange, body, held)));
                } catch (RejectedExecutionException stopping) {
                    exchange.fail(stopping);
                }
            }
        });
    }

    private void predict(Exchange exchange, byte[] body, Reservation held) {
        try {
            var _ = predictor.predict(request(exchange, body, held)).whenComplete((prediction, failure) -> {
                try {
                    if (prediction == null) {
                        exchange.fail(failure);
                    } else {
                        answer(exchange, prediction);
                    }
                } catch (RuntimeException unexpected) {
                    exchange.fail(unexpected);
                }
            });
        } catch (Throwable refused) {
            exchange.fail(refused);
        }
        // Its rows were read; nobody holds the text any more.
        held.shrink(body.length);
    }

    /**
     * Callers who name an arm, who ask again, or who only look whether the endpoint lives, say nothing about a
     * candidate.
     */
    private PredictRequest request(Exchange exchange, byte[] body, Reservation held) {
        Optional<ArmRole> pinned = exchange.header("Modelward-Arm").map(arm -> switch (arm) {
            case "active" -> ArmRole.ACTIVE;
            case "canary" -> ArmRole.CANDIDATE;
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
        return new PredictRequest(
                exchange.path("endpoint"),
                new PredictBody(body, held),
                pinned,
                counted,
                Digest.of(body),
                exchange.reserve(memory.answers()));
    }

    private void answer(Exchange exchange, Prediction prediction) {
        ServableVersion version = prediction.version();
        String id = prediction.id().toString();
        VersionText text = VersionText.of(texts, version);
        JsonBytes after = new JsonBytes().put(text.members()).put('"').put(id).put('"');
        if (!prediction.logged()) {
            after.put(",\"logged\":false");
        }
        after.put('}');
        HttpFields.Mutable headers = exchange.response().getHeaders();
        headers.put(text.number());
        headers.put(text.digest());
        headers.put("Modelward-Prediction-Id", id);
        byte[] whole = prediction.answer().whole();
        JsonBytes before = new JsonBytes().put("{\"predictions\":");
        if (whole != null) {
            exchange.send(
                    200,
                    "application/json",
                    before.put(whole).put(after.toArray()).toArray());
        } else {
            new LargeAnswer(exchange, before, prediction.answer(), after).send();
        }
    }
}
