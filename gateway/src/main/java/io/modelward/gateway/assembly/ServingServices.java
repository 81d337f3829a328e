package io.modelward.gateway.assembly;

import io.modelward.core.access.Access;
import io.modelward.gateway.compare.PredictionComparer;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelEnvironments;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ModelReviver;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.DeploymentService;
import io.modelward.gateway.route.EndpointRemover;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.status.StatusService;
import io.modelward.gateway.trace.TraceService;
import io.modelward.gateway.traffic.TrafficHistory;
import io.modelward.gateway.traffic.TrafficService;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.assembly.Storage;
import io.modelward.store.catalog.Catalog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The services that serve models, put together. Nothing runs before {@link #restore}; after it routes are as the
 * catalog has them, and rollouts go on when {@link #start} has been called.
 */
public final class ServingServices implements AutoCloseable {

    /** Environments may have to be built first. */
    private static final Duration LONGEST_LOAD = Duration.ofHours(1);

    public final ModelPool pool;
    public final ModelReviver reviver;
    public final ModelEnvironments environments;
    public final RouteTable table;
    public final EndpointService endpoints;
    public final DeploymentService deployments;
    public final Mover mover;
    public final EndpointRemover remover;
    public final RouteRestorer restorer;
    public final RolloutService rollouts;
    public final Predictor predictor;
    public final TraceService trace;
    public final TrafficService traffic;
    public final StatusService status;
    public final PredictionComparer comparer;
    private final TrafficHistory history;

    /**
     * Puts the services together.
     *
     * @param access what each asks before it does anything for a caller
     * @param nanos the monotonic clock
     * @param answers checks and writes large answers
     */
    public ServingServices(
            Access access,
            Storage storage,
            RegistryServices registry,
            ModelRuntime runtime,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            ServingMetrics metrics,
            Executor answers) {
        Catalog catalog = storage.catalog();
        this.pool = new ModelPool(runtime, registry.versionLookup);
        this.reviver = new ModelReviver(pool, nanos);
        this.environments = new ModelEnvironments(access, runtime, registry.versionLookup, pool);
        this.table = new RouteTable(pool, new ArmMetrics(metrics));
        this.endpoints = new EndpointService(access, catalog, table);
        this.deployments = new DeploymentService(access, catalog);
        this.mover = new Mover(access, catalog, pool, table, endpoints, clock, storage.failpoints());
        this.remover = new EndpointRemover(access, catalog, table, clock);
        this.restorer = new RouteRestorer(catalog, pool, table);
        this.rollouts = new RolloutService(access, catalog, pool, table, clock, nanos, random, storage.failpoints());
        this.predictor = new Predictor(access, table, storage.predictions(), clock, metrics, answers);
        this.trace = new TraceService(
                access, catalog, storage.predictions(), registry.versionLookup, registry.verifier, runtime);
        this.status = new StatusService(access, catalog, restorer, runtime, pool, storage.predictions());
        this.comparer = new PredictionComparer(pool, registry.versionLookup, LONGEST_LOAD);
        this.history = new TrafficHistory(metrics, clock);
        this.traffic = new TrafficService(access, history, clock);
        registry.watch(rollouts.watch());
    }

    /** Takes over what the catalog keeps: routes, whose models begin to load, and rollouts. */
    public void restore() {
        restorer.restore();
        rollouts.driver().restore();
    }

    /** Starts the threads that try failed models again and drive rollouts. */
    public void start() {
        reviver.start();
        rollouts.driver().start();
        history.start();
    }

    @Override
    public void close() {
        history.close();
        rollouts.driver().close();
        reviver.close();
        pool.close();
    }
}
