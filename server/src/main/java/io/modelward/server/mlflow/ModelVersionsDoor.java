package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.Stage;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Page;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.publish.Registration;
import io.modelward.registry.version.VersionFiles;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's model versions. Their {@code version} is our ordinal. */
final class ModelVersionsDoor {

    static final String FILE = "/model-versions/get-artifact";

    private static final String VERSION = "version";
    private static final int USUALLY_FOUND = 10_000;
    private static final int MOST_FOUND = 200_000;

    private final Registrar registrar;
    private final VersionStateService states;
    private final ModelDirectory directory;
    private final ArtifactsDoor files;

    ModelVersionsDoor(Registrar registrar, VersionStateService states, ModelDirectory directory, ArtifactsDoor files) {
        this.files = files;
        this.registrar = registrar;
        this.states = states;
        this.directory = directory;
    }

    void open(MlflowRoutes calls) {
        calls.routes().async("GET", FILE, Action.READ, this::file);
        calls.post("/model-versions/create", Action.PUBLISH, this::create);
        calls.get("/model-versions/get", Action.READ, (message, exchange) -> reply(find(message)));
        calls.get("/model-versions/search", Action.READ, this::search, "order_by");
        calls.get(
                "/model-versions/get-download-uri",
                Action.READ,
                (message, exchange) -> Reply.ok(Json.object()
                        .put(
                                "artifact_uri",
                                directory.location(RegisteredModelsDoor.name(message), version(message)))));
        calls.patch(
                "/model-versions/update",
                Action.DESCRIBE,
                (message, exchange) -> reply(states.describe(
                        RegisteredModelsDoor.name(message),
                        version(message),
                        message.string("description").orElse(""),
                        exchange.actor(),
                        "")));
        calls.post(
                "/model-versions/transition-stage",
                Action.RELEASE,
                (message, exchange) -> reply(states.transition(
                        RegisteredModelsDoor.name(message),
                        version(message),
                        stage(message.named("stage")),
                        message.requiredFlag("archive_existing_versions"),
                        exchange.actor(),
                        "")));
        calls.delete("/model-versions/delete", Action.DELETE, (message, exchange) -> {
            states.delete(RegisteredModelsDoor.name(message), version(message), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/model-versions/set-tag", Action.DESCRIBE, (message, exchange) -> {
            states.setTag(
                    RegisteredModelsDoor.name(message),
                    version(message),
                    MessageReaders.entry(message),
                    exchange.actor(),
                    "");
            return Reply.ok(Message.nothing());
        });
        calls.delete("/model-versions/delete-tag", Action.DESCRIBE, (message, exchange) -> {
            states.deleteTag(
                    RegisteredModelsDoor.name(message), version(message), message.named("key"), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
    }

    private static Selector version(Message message) {
        return ClientSelector.ordinal(message.named(VERSION));
    }

    private static Stage stage(String text) {
        return Stage.find(text)
                .orElseThrow(() -> ProblemException.invalid(
                        "stage",
                        "Invalid Model Version stage: " + Quoted.of(text)
                                + ". Value must be one of None, Staging, Production, Archived."));
    }

    private Reply create(Message message, Exchange exchange) {
        String source = source(message.named("source"), exchange);
        return reply(registrar.register(
                new Registration(
                        RegisteredModelsDoor.name(message),
                        source,
                        SourceUri.parse(source),
                        given(message, "run_id"),
                        given(message, "model_id"),
                        given(message, "run_link"),
                        message.string("description").orElse(""),
                        MessageReaders.entries(message, "tags"),
                        new VersionsTag()),
                exchange.actor()));
    }

    /** An address of this very server's artifacts means the artifacts. */
    private static String source(String source, Exchange exchange) {
        for (String scheme : new String[] {"http://", "https://"}) {
            String root = scheme + exchange.header("Host").orElse("") + "/api/2.0/mlflow-artifacts/artifacts/";
            if (source.startsWith(root)) {
                return "mlflow-artifacts:/" + source.substring(root.length());
            }
        }
        return source;
    }

    private static Optional<String> given(Message message, String field) {
        return message.string(field).filter(text -> !text.isEmpty());
    }

    private void file(Exchange exchange) {
        ModelName name = ModelName.of(ModelName.DEFAULT_NAMESPACE, exchange.requiredQuery("name"));
        Selector version = ClientSelector.ordinal(exchange.requiredQuery(VERSION));
        String path = SafePath.file(exchange.requiredQuery("path")).value();
        files.send(
                exchange, () -> VersionFiles.at(directory.version(name, version).summary(), path));
    }

    private VersionWithOrigin find(Message message) {
        return directory.version(RegisteredModelsDoor.name(message), version(message));
    }

    private Reply search(Message message, Exchange exchange) {
        Page<VersionWithOrigin> page = directory.versions(MessageReaders.query(message, USUALLY_FOUND, MOST_FOUND));
        ObjectNode json = Json.object();
        MlflowJson.list(json, "model_versions", page.items(), MlflowRegistryJson::version);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private static Reply reply(VersionWithOrigin version) {
        ObjectNode json = Json.object();
        json.set("model_version", MlflowRegistryJson.version(version));
        return Reply.ok(json);
    }
}
