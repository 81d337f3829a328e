package io.modelward.app;

import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.mlflow.MlflowDoor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The door for MLflow's clients. */
final class MlflowModule extends Module {

    private final ResourcesModule resources;
    private @Nullable MlflowDoor door;

    MlflowModule(ResourcesModule resources) {
        this.resources = resources;
    }

    void open(RegistryServices registry, WebhookService webhooks) {
        door = new MlflowDoor(
                registry.experiments,
                registry.runs,
                registry.runSearch,
                registry.runLog,
                registry.metricHistory,
                new MlflowDoor.Models(registry.loggedModels, registry.loggedModelSearch, registry.modelHistory),
                new MlflowDoor.Files(
                        registry.artifacts,
                        registry.parts,
                        resources.pools().hashers(),
                        resources.pools().files()),
                new MlflowDoor.Registry(
                        registry.models,
                        registry.directory,
                        registry.aliases,
                        registry.versionStates,
                        registry.registrar,
                        webhooks));
    }

    @Override
    void routes(HttpRoute.Table routes) {
        Objects.requireNonNull(door).open(routes, resources.memory().mlflow());
    }
}
