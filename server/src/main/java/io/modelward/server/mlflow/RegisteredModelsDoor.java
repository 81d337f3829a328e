package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Page;
import io.modelward.registry.model.ModelAliases;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelView;
import io.modelward.registry.version.RegisteredVersion;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's registered models: names, descriptions, tags and aliases. */
final class RegisteredModelsDoor {

    private static final String NAME = "name";
    private static final int USUALLY_FOUND = 100;
    private static final int MOST_FOUND = 1000;

    private final ModelService models;
    private final ModelDirectory directory;
    private final ModelAliases aliases;

    RegisteredModelsDoor(ModelService models, ModelDirectory directory, ModelAliases aliases) {
        this.models = models;
        this.directory = directory;
        this.aliases = aliases;
    }

    /** The model that a message names. */
    static ModelName name(Message message, String field) {
        return ModelName.of(ModelName.DEFAULT_NAMESPACE, message.named(field));
    }

    static ModelName name(Message message) {
        return name(message, NAME);
    }

    void open(Calls calls) {
        calls.post("/registered-models/create", Action.PUBLISH, this::create);
        calls.get("/registered-models/get", Action.READ, (message, exchange) -> reply(name(message)));
        calls.get("/registered-models/search", Action.READ, this::search, "order_by");
        calls.post("/registered-models/rename", Action.PUBLISH, (message, exchange) -> {
            ModelName to = name(message, "new_name");
            models.rename(name(message), to, exchange.actor());
            return reply(to);
        });
        calls.patch("/registered-models/update", Action.PUBLISH, (message, exchange) -> {
            models.describe(name(message), message.string("description").orElse(""), exchange.actor());
            return reply(name(message));
        });
        calls.delete("/registered-models/delete", Action.DELETE, (message, exchange) -> {
            models.delete(name(message), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.post("/registered-models/set-tag", Action.PUBLISH, (message, exchange) -> {
            models.setTag(name(message), Requests.entry(message), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.delete("/registered-models/delete-tag", Action.PUBLISH, (message, exchange) -> {
            models.deleteTag(name(message), message.named("key"), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.get("/registered-models/get-latest-versions", Action.READ, this::latest, "stages");
        calls.post("/registered-models/get-latest-versions", Action.READ, this::latest);
        calls.get("/registered-models/alias", Action.READ, (message, exchange) -> {
            RegisteredVersion version = directory.byAlias(name(message), message.named("alias"));
            ObjectNode json = Json.object();
            json.set("model_version", RegistryShapes.version(version));
            return Reply.ok(json);
        });
        calls.post("/registered-models/alias", Action.PUBLISH, (message, exchange) -> {
            aliases.set(name(message), message.named("alias"), message.named("version"), exchange.actor());
            return Reply.ok(Message.nothing());
        });
        calls.delete("/registered-models/alias", Action.PUBLISH, (message, exchange) -> {
            aliases.delete(name(message), message.named("alias"), exchange.actor());
            return Reply.ok(Message.nothing());
        });
    }

    private Reply create(Message message, Exchange exchange) {
        ModelName name = name(message);
        models.create(
                name, message.string("description").orElse(""), Requests.entries(message, "tags"), exchange.actor());
        return reply(name);
    }

    private Reply reply(ModelName name) {
        ObjectNode json = Json.object();
        json.set("registered_model", RegistryShapes.model(directory.model(name)));
        return Reply.ok(json);
    }

    private Reply search(Message message, Exchange exchange) {
        Page<ModelView> page = directory.models(Requests.query(message, USUALLY_FOUND, MOST_FOUND));
        ObjectNode json = Json.object();
        Shapes.list(json, "registered_models", page.items(), RegistryShapes::model);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private Reply latest(Message message, Exchange exchange) {
        List<RegisteredVersion> versions = directory.latest(name(message), message.strings("stages"));
        ObjectNode json = Json.object();
        Shapes.list(json, "model_versions", versions, RegistryShapes::version);
        return Reply.ok(json);
    }
}
