package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelward.core.digest.Digest;
import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.gateway.rollout.RolloutSeries.Point;
import io.modelward.gateway.rollout.RolloutSeries.Share;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutSeriesTest {

    private static final Rollout ROLLOUT = new Rollout(
            "r-1",
            "iris",
            ref("1.1.0"),
            ref("1.0.0"),
            PlanReader.read(Json.object()),
            RolloutProgress.first(RolloutState.RUNNING, ""));

    private static VersionRef ref(String version) {
        return new VersionRef(
                new ModelId(1),
                ModelName.parse("iris"),
                SemVer.parse(version),
                Digest.of(version.getBytes(StandardCharsets.UTF_8)));
    }

    private static ScoredTick tick(long number) {
        return ScoredTick.of(number, 1, Tick.of(0.25, 5, number % 3 == 0 ? 1 : 0, 15, 0), Optional.empty());
    }

    @Test
    void the_last_point_says_what_the_rollout_decided_on() {
        RolloutSeries series = new RolloutSeries(ROLLOUT);
        LimitMonitor monitor =
                new LimitMonitor(ROLLOUT.plan(), ROLLOUT.progress().errorPrior());
        for (long number = 1; number <= 5003; number++) {
            series.add(tick(number));
            monitor.add(tick(number));
            if (number % 97 == 0 || number == 5003) {
                Point last = series.series().points().getLast();
                assertThat(last.logEvidence())
                        .isEqualTo(monitor.readings().stream()
                                .map(LimitMonitor.Reading::logRestart)
                                .toList());
                assertThat(last.requests()).isEqualTo(20 * number);
            }
        }
        assertThat(series.series().limits()).hasSameSizeAs(monitor.readings());
        assertThat(series.series().points().getLast().errors().share()).isCloseTo(1667.0 / 25_015, within(1e-12));
    }

    @Test
    void there_are_a_few_hundred_points_however_many_ticks_there_were() {
        RolloutSeries series = new RolloutSeries(ROLLOUT);
        for (long number = 1; number <= 60_000; number++) {
            series.add(tick(number));
        }
        List<Point> points = series.series().points();
        assertThat(points).hasSizeBetween(150, 402);
        assertThat(points.getFirst().requests()).isZero();
        assertThat(points.getFirst().errors().share()).isNaN();
        assertThat(points).extracting(Point::requests).isSorted().doesNotHaveDuplicates();
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < points.size() - 1; i++) {
            gaps.add(points.get(i).requests() - points.get(i - 1).requests());
        }
        // Old points are not further apart than new ones by more than their width at that time.
        assertThat(gaps).allMatch(gap -> gap <= 2L * 60_000 * 20 / 150);
    }

    @Test
    void an_arm_without_a_request_has_no_share() {
        assertThat(Share.of(ArmCounts.NONE).share()).isNaN();
        assertThat(new RolloutSeries(ROLLOUT).series().points()).isEmpty();
    }

    /** Known answers of Wilson's interval with 95 %: 0 of 10, 5 of 10, 10 of 10. */
    @Test
    void a_share_has_wilsons_interval() {
        assertThat(Share.of(new ArmCounts(10, 0)).low()).isCloseTo(0, within(1e-9));
        assertThat(Share.of(new ArmCounts(10, 0)).high()).isCloseTo(0.27753, within(1e-5));
        assertThat(Share.of(new ArmCounts(10, 5)).low()).isCloseTo(0.23659, within(1e-5));
        assertThat(Share.of(new ArmCounts(10, 5)).high()).isCloseTo(0.76341, within(1e-5));
        assertThat(Share.of(new ArmCounts(10, 10)).low()).isCloseTo(0.72247, within(1e-5));
        assertThat(Share.of(new ArmCounts(10, 10)).high()).isCloseTo(1, within(1e-9));
    }
}
