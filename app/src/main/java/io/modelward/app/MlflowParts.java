package io.modelward.app;

import io.modelward.registry.alias.AliasService;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.model.ModelAliases;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.LoggedModelSearch;
import io.modelward.registry.tracking.LoggedModelService;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.ModelHistory;
import io.modelward.registry.tracking.RunLog;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.RequestMemory;
import io.modelward.server.mlflow.MlflowDoor;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The door for MLflow's clients and the services behind it, put together. */
final class MlflowParts {

    private MlflowParts() {}

    static MlflowDoor door(
            Catalog catalog,
            BlobStore blobs,
            AliasService aliases,
            WebhookService webhooks,
            Inspector inspector,
            InstantSource clock,
            Failpoints failpoints,
            Pools pools,
            RequestMemory memory,
            ModelWatch watch) {
        return new MlflowDoor(
                new ExperimentService(catalog, clock),
                new RunService(catalog, clock, new SecureRandom()),
                new RunSearch(catalog),
                new RunLog(catalog, failpoints),
                new MetricHistory(catalog),
                new MlflowDoor.Models(
                        new LoggedModelService(catalog, clock, new SecureRandom()),
                        new LoggedModelSearch(catalog),
                        new ModelHistory(catalog)),
                new MlflowDoor.Files(new ArtifactService(catalog, blobs, clock), pools.hashers(), pools.files()),
                new MlflowDoor.Registry(
                        new ModelService(catalog, clock, watch),
                        new ModelDirectory(catalog),
                        new ModelAliases(catalog, clock, aliases),
                        new VersionStateService(catalog, clock, aliases, watch),
                        new Registrar(catalog, blobs, inspector, clock, failpoints, memory.documents()),
                        webhooks));
    }
}
