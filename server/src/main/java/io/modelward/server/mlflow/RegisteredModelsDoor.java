package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.Stage;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Page;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWithLatest;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's registered models: names, descriptions, tags and aliases. */
final class RegisteredModelsDoor {

    private static final String NAME = "name";
    private static final int USUALLY_FOUND = 100;
    private static final int MOST_FOUND = 1000;

    private static final Pattern LIKE_AN_ORDINAL = Pattern.compile("[vV][0-9]+");

    private final ModelService models;
    private final ModelDirectory directory;
    private final AliasService aliases;

    RegisteredModelsDoor(ModelService models, ModelDirectory directory, AliasService aliases) {
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

    void open(MlflowRoutes calls) {
        calls.post("/registered-models/create", Action.PUBLISH, this::create);
        calls.get("/registered-models/get", Action.READ, (message, exchange) -> reply(name(message)));
        calls.get("/registered-models/search", Action.READ, this::search, "order_by");
        calls.post("/registered-models/rename", Action.DELETE, (message, exchange) -> {
            ModelName to = name(message, "new_name");
            models.rename(name(message), to, exchange.actor(), "");
            return reply(to);
        });
        calls.patch("/registered-models/update", Action.DESCRIBE, (message, exchange) -> {
            models.describe(name(message), message.string("description").orElse(""), exchange.actor(), "");
            return reply(name(message));
        });
        calls.delete("/registered-models/delete", Action.DELETE, (message, exchange) -> {
            models.delete(name(message), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/registered-models/set-tag", Action.DESCRIBE, (message, exchange) -> {
            models.setTag(name(message), MessageReaders.entry(message), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.delete("/registered-models/delete-tag", Action.DESCRIBE, (message, exchange) -> {
            models.deleteTag(name(message), message.named("key"), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.get("/registered-models/get-latest-versions", Action.READ, this::latest, "stages");
        calls.post("/registered-models/get-latest-versions", Action.READ, this::latest);
        calls.get("/registered-models/alias", Action.READ, (message, exchange) -> {
            VersionWithOrigin version = directory.version(name(message), aliased(message.named("alias")));
            ObjectNode json = Json.object();
            json.set("model_version", MlflowRegistryJson.version(version));
            return Reply.ok(json);
        });
        calls.post("/registered-models/alias", Action.RELEASE, (message, exchange) -> {
            aliases.set(
                    name(message),
                    newAlias(message.named("alias")),
                    ClientSelector.ordinal(message.named("version")),
                    new AliasService.Expectation.Any(),
                    exchange.actor(),
                    "");
            return Reply.ok(Message.nothing());
        });
        calls.delete("/registered-models/alias", Action.RELEASE, this::deleteAlias);
    }

    /** What an alias points to, or what the semantic version or range in its place selects. */
    private static Selector aliased(String alias) {
        return ClientSelector.inPlaceOfName(alias).orElseGet(() -> new Selector.Alias(AliasName.parse(alias)));
    }

    private static AliasName newAlias(String text) {
        AliasName alias = AliasName.parse(text);
        if (LIKE_AN_ORDINAL.matcher(text).matches()) {
            throw ProblemException.invalid(
                    "alias", "Version aliases of the form '" + text + "' are reserved for versions. Choose a word.");
        }
        return alias;
    }

    /** An alias that is not there is deleted already. */
    private Reply deleteAlias(Message message, Exchange exchange) {
        try {
            aliases.delete(
                    name(message),
                    AliasName.parse(message.named("alias")),
                    new AliasService.Expectation.Any(),
                    exchange.actor(),
                    "");
        } catch (ProblemException problem) {
            if (!"alias".equals(problem.problem().extra().get("missing"))) {
                throw problem;
            }
        }
        return Reply.ok(Message.nothing());
    }

    private Reply create(Message message, Exchange exchange) {
        ModelName name = name(message);
        models.create(
                name,
                message.string("description").orElse(""),
                MessageReaders.entries(message, "tags"),
                exchange.actor());
        return reply(name);
    }

    private Reply reply(ModelName name) {
        ObjectNode json = Json.object();
        json.set("registered_model", MlflowRegistryJson.model(directory.model(name)));
        return Reply.ok(json);
    }

    private Reply search(Message message, Exchange exchange) {
        Page<ModelWithLatest> page = directory.models(MessageReaders.query(message, USUALLY_FOUND, MOST_FOUND));
        ObjectNode json = Json.object();
        MlflowJson.list(json, "registered_models", page.items(), MlflowRegistryJson::model);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private Reply latest(Message message, Exchange exchange) {
        List<String> stages = message.strings("stages");
        List<VersionWithOrigin> versions = stages.isEmpty()
                ? directory.latest(name(message), Stage.ALL)
                : stages.stream()
                        .flatMap(text -> latest(name(message), text).stream())
                        .distinct()
                        .toList();
        ObjectNode json = Json.object();
        MlflowJson.list(json, "model_versions", versions, MlflowRegistryJson::version);
        return Reply.ok(json);
    }

    /** The newest version in a stage, or the version that a semantic version or a range in its place selects. */
    private List<VersionWithOrigin> latest(ModelName name, String text) {
        Optional<Stage> stage = Stage.find(text);
        if (stage.isPresent()) {
            return directory.latest(name, List.of(stage.get()));
        }
        return List.of(directory.version(
                name,
                ClientSelector.inPlaceOfName(text)
                        .orElseThrow(() -> ProblemException.invalid(
                                "stages",
                                "Invalid Model Version stage: " + Quoted.of(text)
                                        + ". Value must be one of None, Staging, Production,"
                                        + " Archived, or a version such as 1.4.2 or ^1.4."))));
    }
}
