package io.modelward.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.server.api.MetricsDoor;
import io.modelward.server.http.HttpRoute;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What this server counts about itself, and the door that shows it. */
final class MetricsModule extends Module {

    private final Access access;
    private final ResourcesModule resources;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final List<Runnable> refreshes = new CopyOnWriteArrayList<>();

    MetricsModule(Access access, ResourcesModule resources) {
        this.access = access;
        this.resources = resources;
        own(meters::close);
        // Names that Prometheus's own check refuses: a unit that is shortened, and a gauge that ends as a counter does.
        meters.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        own(collections);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        collections.bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        Gauge.builder("modelward.build.info", () -> 1)
                .description("1, with the release as a label")
                .tag("release", Application.RELEASE)
                .register(meters);
    }

    MeterRegistry meters() {
        return meters;
    }

    /** Has something done before the measures are read. */
    void beforeEach(Runnable refresh) {
        refreshes.add(refresh);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        new MetricsDoor(
                        access,
                        meters,
                        () -> refreshes.forEach(Runnable::run),
                        resources.pools().files())
                .open(routes);
    }
}
