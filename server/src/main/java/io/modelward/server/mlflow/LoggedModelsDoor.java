package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.search.DatasetScope;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.registry.Page;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.tracking.LoggedModelQuery;
import io.modelward.registry.tracking.LoggedModelService;
import io.modelward.registry.tracking.LoggedModelView;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's logged models. */
final class LoggedModelsDoor {

    private static final String ALL = "/logged-models";
    private static final String ONE = ALL + "/{model}";
    private static final String PREFIX = "LOGGED_MODEL_";
    private static final List<String> STATUSES =
            List.of(PREFIX + "PENDING", PREFIX + "READY", PREFIX + "UPLOAD_FAILED");
    private static final int USUALLY_FOUND = 50;
    private static final int MOST_FOUND = 1000;

    private final MlflowDoor.Models models;
    private final ArtifactService artifacts;

    LoggedModelsDoor(MlflowDoor.Models models, ArtifactService artifacts) {
        this.models = models;
        this.artifacts = artifacts;
    }

    void open(MlflowRoutes calls) {
        LoggedModelService service = models.models();
        calls.post(ALL, Action.TRACK, this::create);
        calls.post(ALL + "/search", Action.READ, this::search);
        calls.get(ONE, Action.READ, (message, exchange) -> reply(service.get(id(exchange))));
        calls.patch(ONE, Action.TRACK, this::finish);
        calls.delete(ONE, Action.DELETE, (message, exchange) -> {
            service.delete(id(exchange), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.patch(
                ONE + "/tags",
                Action.TRACK,
                (message, exchange) -> reply(service.setTags(id(exchange), MessageReaders.entries(message, "tags"))));
        // A key may have slashes.
        calls.delete(ONE + "/tags/{path}", Action.TRACK, (message, exchange) -> {
            service.deleteTag(id(exchange), exchange.path("path"));
            return Reply.ok(Message.nothing());
        });
        calls.post(ONE + "/params", Action.TRACK, (message, exchange) -> {
            service.addParams(id(exchange), MessageReaders.entries(message, "params"));
            return Reply.ok(Message.nothing());
        });
        calls.get(ONE + "/artifacts/directories", Action.READ, this::files);
        calls.post("/runs/log-model", Action.TRACK, (message, exchange) -> {
            models.history().add(message.run(), message.named("model_json"));
            return Reply.ok(Message.nothing());
        });
    }

    private Reply create(Message message, Exchange exchange) {
        return reply(models.models()
                .create(new LoggedModelService.NewModel(
                        message.named("experiment_id"),
                        message.string("name"),
                        message.string("model_type").orElse(""),
                        message.string("source_run_id").orElse(""),
                        MessageReaders.entries(message, "params"),
                        MessageReaders.entries(message, "tags"))));
    }

    private Reply finish(Message message, Exchange exchange) {
        String status = message.choice("status", STATUSES).orElseThrow(() -> Message.missing("status"));
        return reply(
                models.models().finish(id(exchange), LoggedModelStatus.valueOf(status.substring(PREFIX.length()))));
    }

    private Reply search(Message message, Exchange exchange) {
        Page<LoggedModelView> page = models.search()
                .search(new LoggedModelQuery(
                        message.strings("experiment_ids"),
                        message.string("filter").orElse(""),
                        message.messages("order_by").stream()
                                .map(LoggedModelsDoor::term)
                                .toList(),
                        message.messages("datasets").stream()
                                .map(dataset -> new DatasetScope(dataset.named("dataset_name"), digest(dataset)))
                                .toList(),
                        MessageReaders.token(message),
                        message.size("max_results", USUALLY_FOUND, MOST_FOUND)));
        ObjectNode json = Json.object();
        MlflowJson.list(json, "models", page.items(), MlflowLoggedModelJson::model);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private static LoggedModelQuery.Term term(Message message) {
        return new LoggedModelQuery.Term(
                message.named("field_name"),
                message.flag("ascending", true),
                message.string("dataset_name")
                        .filter(name -> !name.isEmpty())
                        .map(name -> new DatasetScope(name, digest(message))));
    }

    private static Optional<String> digest(Message message) {
        return message.string("dataset_digest").filter(digest -> !digest.isEmpty());
    }

    private Reply files(Message message, Exchange exchange) {
        return ArtifactListing.page(
                artifacts,
                new RunArtifacts(models.models().get(id(exchange)).model().artifactUri()),
                SafePath.folder(message.string("artifact_directory_path").orElse(""))
                        .value(),
                MessageReaders.token(message));
    }

    private static String id(Exchange exchange) {
        return exchange.path("model");
    }

    private static Reply reply(LoggedModelView model) {
        ObjectNode json = Json.object();
        json.set("model", MlflowLoggedModelJson.model(model));
        return Reply.ok(json);
    }
}
