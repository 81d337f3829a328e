package io.modelward.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.metrics.LatencyCounts;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.traffic.TrafficService.Window;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrafficHistoryTest {

    private static final EndpointName IRIS = EndpointName.parse("iris");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    private final TrafficHistory history = new TrafficHistory(metrics, () -> now);
    private final TrafficService traffic = new TrafficService(new Access(Authorizer.EVERYONE), history, () -> now);

    @AfterEach
    void close() {
        history.close();
    }

    private ServingMetrics.ArmHandle arm(String version) {
        return metrics.arm("iris", new ModelId(1), () -> ModelName.parse("iris"), version, "active");
    }

    private void look() {
        now = now.plus(TrafficHistory.FINE);
        history.look();
    }

    @Test
    void what_was_asked_in_an_interval_is_told_with_its_failures_and_latencies() {
        for (int i = 0; i < 90; i++) {
            arm("1.0.0").record(200, TimeUnit.MILLISECONDS.toNanos(1));
        }
        for (int i = 0; i < 10; i++) {
            arm("1.0.0").record(500, TimeUnit.MILLISECONDS.toNanos(100));
        }
        look();
        arm("1.0.0").record(400, TimeUnit.MILLISECONDS.toNanos(1));
        look();
        look();
        var points = traffic.of(IRIS, Window.HOUR).arms().getFirst().points();
        assertThat(points).hasSize(2);
        assertThat(points.getFirst().requests()).isEqualTo(100);
        assertThat(points.getFirst().rate()).isEqualTo(10);
        assertThat(points.getFirst().errors()).isEqualTo(0.1);
        assertThat(points.getFirst().p50()).isBetween(0.88, 1.13);
        assertThat(points.getFirst().p99()).isBetween(88.0, 113.0);
        assertThat(points.getLast().errors()).isZero();
        assertThat(traffic.of(IRIS, Window.DAY).arms().getFirst().points()).hasSize(1);
        assertThat(traffic.day(IRIS).getFirst().requests()).isEqualTo(101);
    }

    @Test
    void the_last_minute_is_that_of_all_versions() {
        arm("1.0.0").record(200, 1000);
        arm("1.1.0").record(500, 1000);
        look();
        assertThat(traffic.recent(IRIS).requests()).isEqualTo(2);
        assertThat(traffic.recent(IRIS).errors()).isEqualTo(0.5);
        for (int i = 0; i < 8; i++) {
            look();
        }
        assertThat(traffic.recent(IRIS).requests()).isZero();
        assertThat(traffic.recent(IRIS).p50()).isNaN();
        assertThat(traffic.recent(IRIS).rates()).hasSize(60);
    }

    @Test
    void a_series_that_was_dropped_and_came_back_counts_from_the_beginning() {
        arm("1.0.0").record(200, 1000);
        arm("1.0.0").record(200, 1000);
        look();
        metrics.forget("iris", new ModelId(1), "1.0.0", "active");
        arm("1.0.0").record(200, 1000);
        look();
        assertThat(traffic.day(IRIS).getFirst().requests()).isEqualTo(3);
    }

    @Test
    void only_a_day_is_remembered_and_then_the_version_is_forgotten() {
        arm("1.0.0").record(200, 1000);
        look();
        metrics.forget("iris", new ModelId(1), "1.0.0", "active");
        for (int i = 0; i < 8700; i++) {
            look();
        }
        assertThat(traffic.of(IRIS, Window.DAY).arms()).isEmpty();
        assertThat(traffic.of(IRIS, Window.HOUR).arms()).isEmpty();
    }

    @Test
    void requests_of_more_than_a_day_ago_are_not_told_again_as_new_ones() {
        arm("1.0.0").record(200, 1000);
        arm("1.0.0").record(200, 1000);
        for (int i = 0; i < 8700; i++) {
            look();
        }
        assertThat(traffic.of(IRIS, Window.DAY).arms()).isEmpty();
        arm("1.0.0").record(200, 1000);
        look();
        assertThat(traffic.day(IRIS).getFirst().requests()).isEqualTo(1);
    }

    @Test
    void a_steady_hour_has_a_point_each_ten_seconds_and_a_day_one_each_five_minutes() {
        for (int i = 0; i < 2000; i++) {
            arm("1.0.0").record(200, 1000);
            look();
        }
        assertThat(traffic.of(IRIS, Window.HOUR).arms().getFirst().points()).hasSizeBetween(359, 361);
        assertThat(traffic.of(IRIS, Window.DAY).arms().getFirst().points()).hasSizeBetween(66, 68);
        assertThat(traffic.of(EndpointName.parse("other"), Window.DAY).arms()).isEmpty();
    }

    @Test
    void a_quantile_is_told_to_within_13_percent_from_microseconds_to_seconds() {
        for (long micros = 10; micros < 40_000_000; micros = micros * 13 / 10 + 1) {
            ServingMetrics one = new ServingMetrics(new SimpleMeterRegistry());
            one.arm("e", new ModelId(1), () -> ModelName.parse("m"), "1.0.0", "active")
                    .record(200, TimeUnit.MICROSECONDS.toNanos(micros));
            double told = LatencyCounts.quantile(one.totals().getFirst().latencies(), 0.5);
            assertThat(told * 1000).isBetween(micros * 0.88, micros * 1.13);
        }
    }
}
