package io.modelward.pages.apidocs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the calls of the API's description, grouped by what they are about. */
public final class ApiCalls {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    /** Beginnings of addresses with the area that they belong to; the first that fits counts. */
    private static final List<Map.Entry<String, String>> AREAS = List.of(
            Map.entry("/predict/.*|/api/v1/predictions.*", "Predictions"),
            Map.entry(".*/drafts.*", "Publishing"),
            Map.entry(".*/aliases.*", "Aliases"),
            Map.entry("/api/v1/models.*", "Models and versions"),
            Map.entry(".*/rollouts.*|.*/quarantine.*", "Rollouts"),
            Map.entry("/api/v1/endpoints.*", "Endpoints"),
            Map.entry("/api/v1/experiments.*|/api/v1/runs.*", "Experiments and runs"),
            Map.entry("/api/v1/audit|/api/v1/verify", "Audit and verification"),
            Map.entry("/api/v1/webhooks.*", "Webhooks"),
            Map.entry("/api/v1/notifications.*", "Notifications"),
            Map.entry("/api/v1/backups", "Backups"),
            Map.entry("/api/v1/access.*|/log.*|/static/.*", "Access"),
            Map.entry(".*", "The server"));

    private final JsonNode description;
    private final ApiSchemas schemas;
    private final ApiSamples samples;

    ApiCalls(JsonNode description) {
        this.description = description;
        this.schemas = new ApiSchemas(description);
        this.samples = new ApiSamples(schemas);
    }

    /** Calls that are about one thing. */
    public record Area(String id, String title, List<Call> calls) {}

    /** A parameter of an address, of a query or of the headers. */
    public record Parameter(String name, String where, boolean needed, String type, String says) {}

    /**
     * The content of a request or of an answer.
     *
     * @param media its content type
     * @param schema the name of its schema, which is described once; empty: its fields stand here
     */
    public record Content(String media, Optional<String> schema, List<ApiSchemas.Field> fields) {}

    /** An answer by its status. */
    public record Answer(String status, String says, Optional<Content> content) {

        public boolean problem() {
            return content.filter(one -> one.media().equals("application/problem+json"))
                    .isPresent();
        }
    }

    /**
     * A call.
     *
     * @param id what its deep link ends with
     * @param sample the options and the address of a line for curl, without the address of the server
     */
    public record Call(
            String id,
            String method,
            String path,
            String summary,
            String says,
            List<Parameter> parameters,
            Optional<Content> body,
            List<Answer> answers,
            ApiSamples.Sample sample) {}

    /** All calls, in the order of the areas, each area in the order of the description. */
    List<Area> areas() {
        Map<String, List<Call>> byArea = new LinkedHashMap<>();
        AREAS.forEach(area -> byArea.put(area.getValue(), new ArrayList<>()));
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            String area = AREAS.stream()
                    .filter(one -> path.getKey().matches(one.getKey()))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            List<Call> calls = byArea.computeIfAbsent(area, _ -> new ArrayList<>());
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    calls.add(call(operation.getKey(), path.getKey(), path.getValue(), operation.getValue()));
                }
            }
        }
        return byArea.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new Area(id(entry.getKey()), entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    /** The schemas that calls refer to. */
    List<ApiSchemas.Described> schemas() {
        return schemas.all();
    }

    private static String id(String title) {
        return "area-" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private Call call(String method, String path, JsonNode item, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        item.path("parameters").forEach(one -> parameters.add(parameter(one)));
        operation.path("parameters").forEach(one -> parameters.add(parameter(one)));
        JsonNode body = schemas.resolved(operation.path("requestBody"));
        List<Answer> answers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
            JsonNode told = schemas.resolved(answer.getValue());
            answers.add(new Answer(
                    answer.getKey().equals("default") ? "other" : answer.getKey(),
                    told.path("description").asString(""),
                    content(told)));
        }
        return new Call(
                operation.path("operationId").asString(""),
                method.toUpperCase(Locale.ROOT),
                path,
                operation.path("summary").asString(""),
                operation.path("description").asString(""),
                List.copyOf(parameters),
                content(body),
                List.copyOf(answers),
                samples.of(method.toUpperCase(Locale.ROOT), path, parameters, body));
    }

    private Parameter parameter(JsonNode given) {
        JsonNode one = schemas.resolved(given);
        JsonNode schema = one.path("schema");
        String says = one.path("description").asString("");
        String usual =
                schema.has("default") ? "Without it: " + schema.path("default").asString("") + "." : "";
        return new Parameter(
                one.path("name").asString(""),
                one.path("in").asString(""),
                one.path("required").asBoolean(false),
                schemas.type(schema),
                says.isEmpty() ? usual : usual.isEmpty() ? says : says + ". " + usual);
    }

    private Optional<Content> content(JsonNode of) {
        return of.path("content").properties().stream().findFirst().map(entry -> {
            JsonNode schema = entry.getValue().path("schema");
            return new Content(entry.getKey(), ApiSchemas.name(schema), schemas.fields(schema));
        });
    }
}
