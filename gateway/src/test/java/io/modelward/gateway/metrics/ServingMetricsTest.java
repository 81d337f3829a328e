package io.modelward.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServingMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ServingMetrics metrics = new ServingMetrics(registry);
    private final ServingMetrics.ArmHandle arm =
            metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.0.0", "active");

    private double count(String outcome) {
        return registry.get("modelward.predictions")
                .tags("endpoint", "iris", "model", "default/iris", "version", "1.0.0", "arm", "active")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void the_status_tells_the_outcome() {
        for (int status : new int[] {200, 204, 400, 422, 422, 429, 500, 503, 504, 507}) {
            arm.record(status, 1);
        }
        assertThat(count("ok")).isEqualTo(2);
        assertThat(count("client_error")).isEqualTo(3);
        assertThat(count("overloaded")).isEqualTo(1);
        assertThat(count("error")).isEqualTo(4);
    }

    @Test
    void every_outcome_is_there_before_it_happens() {
        assertThat(registry.get("modelward.predictions").counters())
                .hasSize(5)
                .allMatch(counter -> counter.count() == 0);
    }

    @Test
    void latencies_fall_into_buckets() {
        arm.record(200, TimeUnit.MICROSECONDS.toNanos(900));
        arm.record(200, TimeUnit.MILLISECONDS.toNanos(30));
        arm.record(500, TimeUnit.SECONDS.toNanos(60));
        var histogram = registry.get("modelward.prediction").timer().takeSnapshot();
        assertThat(histogram.count()).isEqualTo(3);
        assertThat(histogram.histogramCounts()[0].bucket(TimeUnit.MILLISECONDS)).isEqualTo(1);
        assertThat(histogram.histogramCounts()[0].count()).isEqualTo(1);
        assertThat(histogram.histogramCounts()[10].bucket(TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(histogram.histogramCounts()[10].count()).isEqualTo(2);
    }

    @Test
    void a_handle_is_made_once_and_what_is_forgotten_is_gone() {
        assertThat(metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.0.0", "active"))
                .isSameAs(arm);
        metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.1.0", "canary");
        metrics.forget("iris", new ModelId(1), "1.0.0", "active");
        metrics.forget("iris", new ModelId(1), "1.0.0", "active");
        arm.record(200, 1);
        assertThat(registry.getMeters())
                .isNotEmpty()
                .allMatch(meter -> "1.1.0".equals(meter.getId().getTag("version")));
        metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), "1.0.0", "active")
                .record(200, 1);
        assertThat(count("ok")).isEqualTo(1);
    }

    @Test
    void rejections_are_counted_by_endpoint_and_status() {
        metrics.rejected(ServingMetrics.NO_ENDPOINT, 404);
        metrics.rejected("iris", 422);
        metrics.rejected("iris", 422);
        assertThat(registry.get("modelward.predictions.rejected")
                        .tags("endpoint", "iris", "status", "422")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("modelward.predictions.rejected")
                        .tags("endpoint", "", "status", "404")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
