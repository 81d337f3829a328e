package io.modelward.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.metrics.ServingMetrics;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Predictions as Prometheus sees them: the names and labels that dashboards are made of. */
class MetricsTextTest {

    private static final String LABELS = "arm=\"active\",endpoint=\"iris\",model=\"default/iris\"";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServingMetrics metrics = new ServingMetrics(registry);

    @Test
    void predictions_have_the_names_that_are_documented() {
        ServingMetrics.ArmHandle arm =
                metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.0.0", "active");
        arm.record(200, TimeUnit.MILLISECONDS.toNanos(3));
        arm.record(429, TimeUnit.MILLISECONDS.toNanos(30));
        metrics.rejected("iris", 422);
        assertThat(registry.scrape())
                .contains(
                        "modelward_predictions_total{" + LABELS + ",outcome=\"ok\",version=\"1.0.0\"} 1.0\n",
                        "modelward_predictions_total{" + LABELS + ",outcome=\"overloaded\",version=\"1.0.0\"} 1.0\n",
                        "modelward_predictions_total{" + LABELS + ",outcome=\"error\",version=\"1.0.0\"} 0.0\n",
                        "modelward_prediction_seconds_bucket{" + LABELS + ",version=\"1.0.0\",le=\"0.0025\"} 0\n",
                        "modelward_prediction_seconds_bucket{" + LABELS + ",version=\"1.0.0\",le=\"0.005\"} 1\n",
                        "modelward_prediction_seconds_bucket{" + LABELS + ",version=\"1.0.0\",le=\"+Inf\"} 2\n",
                        "modelward_prediction_seconds_sum{" + LABELS + ",version=\"1.0.0\"} 0.033\n",
                        "modelward_predictions_rejected_total{endpoint=\"iris\",status=\"422\"} 1.0\n");
        metrics.forget("iris", new ModelId(1), "1.0.0", "active");
        assertThat(registry.scrape()).doesNotContain("1.0.0");
    }

    @Test
    void counting_allocates_nothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ServingMetrics.ArmHandle arm =
                metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.0.0", "active");
        record(arm, 200_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        record(arm, 200_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for 200,000 predictions").isLessThan(200_000);
    }

    private static void record(ServingMetrics.ArmHandle arm, int times) {
        for (int i = 0; i < times; i++) {
            arm.record(i % 2 == 0 ? 200 : 500, i * 100L);
        }
    }
}
