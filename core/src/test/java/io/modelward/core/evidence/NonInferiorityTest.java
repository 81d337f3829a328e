package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("simulation")
class NonInferiorityTest {

    private static final long SEED = 11;
    private static final double ALPHA = 0.05;
    private static final int RUNS = 400;
    private static final double MOST = ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / RUNS);

    @Test
    void an_equal_candidate_is_proven_to_be_within_five_points_by_about_100_requests() {
        assertThat(requests(0.05, 0.01)).as("seeds from %d", SEED).isCloseTo(100, within(15.0));
        assertThat(requests(0.05, 0.05)).as("seeds from %d", SEED).isCloseTo(210, within(35.0));
        assertThat(requests(0.02, 0.01)).as("seeds from %d", SEED).isCloseTo(379, within(60.0));
    }

    @Test
    void a_candidate_at_the_edge_is_rarely_proven_good_however_often_it_is_looked_at() {
        Margin edge = new Margin(1, 0.05);
        for (Path path : new Path[] {Path.flat(300, 0.01), Path.wave(300), Path.incident(300)}) {
            int proven = 0;
            for (int run = 0; run < RUNS; run++) {
                proven += isEverProven(path.atTheEdgeOf(edge), SEED + run) ? 1 : 0;
            }
            assertThat((double) proven / RUNS)
                    .as("%s, seeds from %d", path.name(), SEED)
                    .isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void with_no_points_a_candidate_has_to_be_better() {
        NonInferiority better = new NonInferiority(0, 0.1);
        NonInferiority equal = new NonInferiority(0, 0.1);
        Traffic traffic = new Traffic(SEED);
        for (int i = 0; i < 200; i++) {
            better.add(traffic.tick(100, 0.5, 0.02, 0.1));
            equal.add(traffic.tick(100, 0.5, 0.1, 0.1));
        }
        assertThat(better.proven(ALPHA)).isTrue();
        assertThat(equal.proven(ALPHA)).isFalse();
    }

    @Test
    void a_proof_is_lost_when_the_candidate_turns_bad() {
        NonInferiority process = new NonInferiority(0.05, 0.01);
        process.add(Tick.of(0.5, 500, 5, 500, 5));
        assertThat(process.proven(ALPHA)).isTrue();
        process.add(Tick.of(0.5, 500, 200, 500, 5));
        assertThat(process.proven(ALPHA)).isFalse();
    }

    @Test
    void nothing_is_proven_without_a_concurrent_control() {
        NonInferiority process = new NonInferiority(0.05, 0.01);
        process.add(Tick.of(0.5, 0, 0, 0, 0));
        process.add(Tick.of(0, 0, 0, 5000, 50));
        process.add(Tick.of(1, 5000, 0, 0, 0));
        assertThat(process.logE()).isZero();
    }

    @Test
    void huge_counts_keep_the_evidence_finite() {
        long most = 1_000_000_000_000L;
        for (double points : new double[] {0, 0.01, 0.9}) {
            NonInferiority process = new NonInferiority(points, 0);
            for (int i = 0; i < 100; i++) {
                process.add(Tick.of(0.5, most, i % 2 * most, most, 0));
                process.add(Tick.of(0.001, most, 0, most, most));
                assertThat(process.logE()).isFinite();
            }
        }
    }

    @Test
    void refuses_what_is_out_of_range() {
        Problems.invalid("points", () -> new NonInferiority(1, 0));
        Problems.invalid("points", () -> new NonInferiority(-0.1, 0));
        Problems.invalid("prior", () -> new NonInferiority(0.1, -1));
        Problems.invalid("alpha", () -> new NonInferiority(0.1, 0).proven(0));
    }

    private static double requests(double points, double rate) {
        double sum = 0;
        for (int run = 0; run < RUNS; run++) {
            Traffic traffic = new Traffic(SEED + run);
            NonInferiority process = new NonInferiority(points, rate);
            while (!process.proven(ALPHA)) {
                Tick tick = traffic.tick(20, 0.05, rate, rate);
                sum += tick.candidate().requests();
                process.add(tick);
            }
        }
        return sum / RUNS;
    }

    private static boolean isEverProven(Path path, long seed) {
        Traffic traffic = new Traffic(seed);
        NonInferiority process = new NonInferiority(0.05, 0.01);
        for (int tick = 0; tick < path.ticks(); tick++) {
            process.add(path.tick(tick, traffic, Path.REQUESTS));
            if (process.proven(ALPHA)) {
                return true;
            }
        }
        return false;
    }
}
