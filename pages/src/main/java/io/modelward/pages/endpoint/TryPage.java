package io.modelward.pages.endpoint;

import io.modelward.core.access.Action;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.BlankRow;
import io.modelward.core.signature.Signature;
import io.modelward.core.signature.SignatureWords;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.predict.PredictRequest;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.route.EndpointService;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.server.api.PredictBody;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.RequestMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A prediction by a form that is made of the contract. */
public final class TryPage {

    private static final String ADDRESS = "/ui/endpoints/{endpoint}/try";
    private static final int MOST_FIELDS = 60;
    private static final int PATIENCE_SECONDS = 60;
    /** Longer answers are cut on the page. */
    private static final int LONGEST_SHOWN = 20_000;

    private final PageSender pages;
    private final EndpointService endpoints;
    private final Predictor predictor;
    private final RequestMemory memory;

    public TryPage(PageSender pages, EndpointService endpoints, Predictor predictor, RequestMemory memory) {
        this.pages = pages;
        this.endpoints = endpoints;
        this.predictor = predictor;
        this.memory = memory;
    }

    /** A value of the row. */
    public record InputView(String field, String label, String kind, String value) {}

    /** What was answered. */
    public record Answer(String predictions, String id, String model, String version, boolean cut) {}

    /**
     * The page.
     *
     * @param inputs a field for each value of a row; empty where the contract does not name them
     * @param json the body that is sent instead
     */
    public record TryView(
            String endpoint, List<InputView> inputs, String json, Optional<Answer> answer, Optional<Problem> problem) {}

    public void open(HttpRoute.Table routes) {
        routes.blocking(
                "GET",
                ADDRESS,
                Action.PREDICT,
                exchange -> show(exchange, Map.of(), Optional.empty(), Optional.empty()));
        routes.blocking("POST", ADDRESS, Action.PREDICT, this::predict);
    }

    private Signature contract(Exchange exchange) {
        return endpoints
                .get(EndpointName.parse(exchange.path("endpoint")))
                .revision()
                .kept()
                .contract();
    }

    private Reply show(
            Exchange exchange, Map<String, String> sent, Optional<Answer> answer, Optional<Problem> problem) {
        String endpoint = exchange.path("endpoint");
        Signature contract = contract(exchange);
        List<SignatureWords.Line> lines = SignatureWords.input(contract);
        Optional<JsonNode> blank = BlankRow.of(contract);
        List<InputView> inputs = new ArrayList<>();
        boolean named = lines.stream().noneMatch(line -> line.name().isEmpty());
        if (named && lines.size() <= MOST_FIELDS) {
            for (int i = 0; i < lines.size(); i++) {
                SignatureWords.Line line = lines.get(i);
                String field = "value-" + i;
                inputs.add(new InputView(
                        field, line.name(), line.kind(), sent.getOrDefault(field, plain(blank, line.name(), i))));
            }
        }
        ObjectNode body = Json.object();
        ArrayNode rows = body.putArray("instances");
        blank.ifPresent(rows::add);
        int status = problem.map(one -> one.type().status()).orElse(200);
        return pages.page(
                exchange,
                status,
                Section.ENDPOINTS,
                "Try " + endpoint,
                "try",
                new TryView(endpoint, inputs, sent.getOrDefault("json", Json.write(body)), answer, problem));
    }

    private static String plain(Optional<JsonNode> blank, String name, int index) {
        JsonNode row = blank.orElse(Json.object());
        JsonNode value = row.isArray() ? row.path(index) : row.path(name);
        return value.isMissingNode() || value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
    }

    private Reply predict(Exchange exchange) {
        FormFields fields = exchange.form();
        Map<String, String> sent = fields.shown();
        try {
            byte[] body = fields.ticked("as-json")
                    ? fields.required("json").getBytes(StandardCharsets.UTF_8)
                    : Json.bytes(body(contract(exchange), sent));
            return show(exchange, sent, Optional.of(answer(exchange, body)), Optional.empty());
        } catch (ProblemException refused) {
            return show(exchange, sent, Optional.empty(), Optional.of(refused.problem()));
        }
    }

    /** The row that the fields make. */
    private static ObjectNode body(Signature contract, Map<String, String> sent) {
        List<SignatureWords.Line> lines = SignatureWords.input(contract);
        boolean array = BlankRow.of(contract).map(JsonNode::isArray).orElse(false);
        ArrayNode list = Json.array();
        ObjectNode object = Json.object();
        for (int i = 0; i < lines.size(); i++) {
            SignatureWords.Line line = lines.get(i);
            Optional<JsonNode> value = value(line, sent.getOrDefault("value-" + i, ""));
            if (array) {
                list.add(value.orElse(Json.MAPPER.nullNode()));
            } else {
                value.ifPresent(one -> object.set(line.name(), one));
            }
        }
        ObjectNode body = Json.object();
        body.putArray("instances").add(array ? list : object);
        return body;
    }

    /** What a person wrote into a field, as the kind of the value asks for it; empty: nothing. */
    private static Optional<JsonNode> value(SignatureWords.Line line, String text) {
        if (text.isEmpty()) {
            return line.kind().contains("a string") && !line.kind().contains("null")
                    ? Optional.of(Json.MAPPER.stringNode(""))
                    : Optional.empty();
        }
        boolean number = line.kind().startsWith("a number") || line.kind().startsWith("an integer");
        if (!number && line.kind().contains("a string")) {
            return Optional.of(Json.MAPPER.stringNode(text));
        }
        try {
            return Optional.of(Json.parse(text, line.name()));
        } catch (ProblemException noJson) {
            if (number) {
                throw ProblemException.invalid(
                        line.name(), line.name() + " is " + line.kind() + ". Write it with a point, such as 1.5.");
            }
            return Optional.of(Json.MAPPER.stringNode(text));
        }
    }

    private Answer answer(Exchange exchange, byte[] body) {
        Reservation held = exchange.reserve(share(body));
        held.grow(body.length);
        PredictRequest request = new PredictRequest(
                exchange.path("endpoint"),
                new PredictBody(body, held),
                Optional.empty(),
                true,
                Digest.of(body),
                exchange.reserve(memory.answers()));
        try {
            Prediction prediction = predictor.predict(request).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            byte[] whole = prediction.answer().whole();
            String text =
                    whole == null ? "The answer is too long to show here." : new String(whole, StandardCharsets.UTF_8);
            return new Answer(
                    text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) : text,
                    prediction.id().toString(),
                    prediction.version().model().toString(),
                    prediction.version().version().toString(),
                    text.length() > LONGEST_SHOWN);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException slow) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The model did not answer within a minute.")
                    .exception();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemType.UNAVAILABLE, "The server is stopping. Try again.")
                    .exception();
        }
    }

    private MemoryShare share(byte[] body) {
        return body.length <= RequestMemory.SMALL ? memory.small() : memory.large();
    }
}
