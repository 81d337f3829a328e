package io.modelward.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.gateway.assembly.ServingServices;
import io.modelward.gateway.metrics.ModelMetrics;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.WorkerNews;
import io.modelward.gateway.rollout.RolloutMetrics;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.runtime.ModelNews;
import io.modelward.runtime.ModelRuntime;
import io.modelward.server.api.EndpointsDoor;
import io.modelward.server.api.HealthDoor;
import io.modelward.server.api.ModelChangesDoor;
import io.modelward.server.api.ModelsDoor;
import io.modelward.server.api.PredictDoor;
import io.modelward.server.api.RecordsDoor;
import io.modelward.server.api.RolloutsDoor;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.assembly.Storage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serving: endpoints, predictions, rollouts, and what is known of each prediction. */
final class ServingModule extends Module {

    private final AccessModule who;
    private final Access access;
    private final ResourcesModule resources;
    private final MetricsModule metrics;
    private @Nullable RegistryServices registry;
    private @Nullable ServingServices services;
    private Instant startedAt = Instant.EPOCH;

    ServingModule(AccessModule who, ResourcesModule resources, MetricsModule metrics) {
        this.who = who;
        this.access = who.access();
        this.resources = resources;
        this.metrics = metrics;
    }

    /** @param news has what happens to models told from now on */
    void open(
            Storage storage,
            RegistryServices with,
            ModelRuntime runtime,
            Consumer<ModelNews> news,
            InstantSource clock) {
        news.accept(own(new WorkerNews(storage.catalog(), clock)));
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        ServingServices made = own(new ServingServices(
                access,
                storage,
                with,
                runtime,
                clock,
                System::nanoTime,
                random,
                new ServingMetrics(metrics.meters()),
                resources.pools().answers()));
        this.registry = with;
        this.services = made;
        this.startedAt = clock.instant();
        made.restore();
        made.start();
    }

    /** What serves, once it is open. */
    ServingServices services() {
        return Objects.requireNonNull(services);
    }

    /** The names of the models that serve at an endpoint now; none when there is no such endpoint. */
    List<String> modelsOf(String endpoint) {
        EndpointSnapshot snapshot = services().table.get(endpoint);
        return snapshot == null
                ? List.of()
                : Stream.concat(Stream.of(snapshot.active()), snapshot.candidates().stream())
                        .map(arm -> arm.model().version().model().toString())
                        .distinct()
                        .toList();
    }

    /** When the server was started. */
    Instant startedAt() {
        return startedAt;
    }

    @Override
    void routes(HttpRoute.Table routes) {
        ServingServices serving = services();
        RegistryServices with = Objects.requireNonNull(registry);
        new HealthDoor(Application.RELEASE, startedAt, serving.status, who.known()).open(routes);
        ModelsDoor models = new ModelsDoor(with.versions, with.compare, serving.environments);
        models.open(routes);
        new ModelChangesDoor(with.models, with.versionStates, with.versions, models).open(routes);
        new EndpointsDoor(serving.endpoints, serving.mover, serving.remover, serving.traffic).open(routes);
        new RolloutsDoor(serving.rollouts).open(routes);
        new RecordsDoor(serving.trace, with.audit, with.verifier).open(routes);
        new PredictDoor(serving.predictor, resources.pools().rows(), resources.memory()).open(routes);
    }

    @Override
    void measure(MeterRegistry meters) {
        ServingServices serving = services();
        ModelMetrics models = new ModelMetrics(meters, serving.pool);
        RolloutMetrics rollouts = new RolloutMetrics(meters, serving.rollouts.driver()::atWork);
        metrics.beforeEach(models::refresh);
        metrics.beforeEach(rollouts::refresh);
    }
}
