package io.modelward.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.memory.MemoryShare;
import io.modelward.gateway.metrics.ModelMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.rollout.RolloutDriver;
import io.modelward.gateway.rollout.RolloutMetrics;
import io.modelward.server.api.MetricsDoor;
import io.modelward.store.prediction.PredictionLog;
import java.util.concurrent.Executor;

/** What this server counts about itself. */
final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Telemetry(String release) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("modelward.build.info", () -> 1)
                .description("1, with the release as a label")
                .tag("release", release)
                .register(registry);
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Shows how much of the memory for requests is in use, and how often there was none. */
    void memory(MemoryBudget budget) {
        for (MemoryShare share : budget.shares()) {
            Gauge.builder("modelward.request.memory.used", share, MemoryShare::used)
                    .description("Bytes that requests hold now")
                    .baseUnit("bytes")
                    .tag("share", share.name())
                    .register(registry);
            Gauge.builder("modelward.request.memory.limit", share, MemoryShare::size)
                    .description("Bytes that requests may hold at a time")
                    .baseUnit("bytes")
                    .tag("share", share.name())
                    .register(registry);
            FunctionCounter.builder("modelward.request.memory.refused", share, MemoryShare::refused)
                    .description("Requests that were refused since others held the memory")
                    .tag("share", share.name())
                    .register(registry);
        }
    }

    /** The door that shows it all. */
    MetricsDoor door(ModelPool models, RolloutDriver rollouts, PredictionLog log, Executor renderers) {
        FunctionCounter.builder(
                        "modelward.prediction.log.kept", log, it -> it.status().kept())
                .description("Decision records written since the start")
                .register(registry);
        FunctionCounter.builder(
                        "modelward.prediction.log.lost", log, it -> it.status().lost())
                .description("Predictions answered since the start whose record could not be kept")
                .register(registry);
        ModelMetrics modelMetrics = new ModelMetrics(registry, models);
        RolloutMetrics rolloutMetrics = new RolloutMetrics(registry, rollouts.board()::atWork);
        return new MetricsDoor(
                registry,
                () -> {
                    modelMetrics.refresh();
                    rolloutMetrics.refresh();
                },
                renderers);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
