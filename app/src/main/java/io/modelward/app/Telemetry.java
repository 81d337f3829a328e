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
import io.modelward.gateway.metrics.ModelMetrics;
import io.modelward.gateway.metrics.RolloutMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.rollout.RolloutDriver;
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

    /** The door that shows it all. */
    MetricsDoor door(ModelPool models, RolloutDriver rollouts, PredictionLog log, Executor renderers) {
        FunctionCounter.builder(
                        "modelward.prediction.log.kept", log, it -> it.stats().kept())
                .description("Decision records written since the start")
                .register(registry);
        FunctionCounter.builder(
                        "modelward.prediction.log.lost", log, it -> it.stats().lost())
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
