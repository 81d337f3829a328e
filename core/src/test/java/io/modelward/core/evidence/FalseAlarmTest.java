package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("simulation")
class FalseAlarmTest {

    private static final long SEED = 20_260_101;
    private static final int RUNS = 400;
    private static final int TICKS = 300;
    private static final double ALPHA = 0.01;
    /** Three standard deviations of the share of crossings over a true share of alpha. */
    private static final double MOST = ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / RUNS);

    private static final Margin NONE = new Margin(1, 0);
    private static final Margin FIVE_POINTS = new Margin(1, 0.05);
    private static final Margin HALF_AGAIN = new Margin(1.5, 0.01);

    static Stream<Path> paths() {
        return Stream.of(Path.flat(TICKS, 0.01), Path.flat(TICKS, 0.05), Path.wave(TICKS), Path.incident(TICKS));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_candidate_that_is_no_worse_is_rarely_called_harmful_however_often_it_is_looked_at(Path path) {
        check(new Limit(NONE, ALPHA), path);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void nor_is_one_that_takes_exactly_its_margin(Path path) {
        check(new Limit(FIVE_POINTS, ALPHA), path.atTheEdgeOf(FIVE_POINTS));
        check(new Limit(HALF_AGAIN, ALPHA), path.atTheEdgeOf(HALF_AGAIN));
    }

    @Test
    void a_test_on_counts_pooled_over_steps_fails_this_check_in_a_shared_incident() {
        Path path = Path.incident(TICKS);
        Limit limit = new Limit(NONE, ALPHA);
        assertThat(Rule.stopped(Rule.Kind.Z, limit, path, 50, SEED)).isGreaterThan(0.9);
        assertThat(Rule.stopped(Rule.Kind.SEQUENCE, limit, path, 50, SEED)).isGreaterThan(0.9);
    }

    @Test
    void the_confidence_sequence_compared_with_is_the_published_one() {
        assertThat(Pooled.halfWidth(1, 5000, 0.05)).isCloseTo(0.0393023, within(1e-7));
    }

    private static void check(Limit limit, Path path) {
        assertThat(Rule.stopped(Rule.Kind.OURS, limit, path, RUNS, SEED))
                .as("share of false alarms, %s, %s, seeds %d to %d", limit, path.name(), SEED, SEED + RUNS - 1)
                .isLessThanOrEqualTo(MOST);
    }
}
