package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EProcessTest {

    private static final Margin NONE = new Margin(1, 0);
    private static final Margin FIVE_POINTS = new Margin(1, 0.05);

    @Test
    void a_worsening_candidate_gives_the_known_evidence() {
        EProcess process = new EProcess(NONE, 0.01);
        step(process, 0.05, 5, 0, 95, 1, -0.3772469201, -0.1709385527);
        step(process, 0.05, 5, 1, 95, 0, 0.9973621662, 0.6181867802);
        step(process, 0.05, 5, 1, 95, 2, 1.9195131966, 1.3632353862);
        assertThat(process.logRestart()).isLessThan(Math.log(100));
        step(process, 0.05, 5, 2, 95, 1, 5.5029779175, 4.8138970777);
        assertThat(process.logRestart()).isGreaterThan(Math.log(100));
        step(process, 0.05, 5, 3, 95, 1, 12.1120524894, 11.4189108017);
    }

    @Test
    void a_tick_that_opens_restarts_is_not_bet_on_by_them() {
        EProcess process = new EProcess(NONE, 0.01);
        step(process, 0.5, 150, 2, 150, 1, -0.3885133625, -0.1755063365);
        step(process, 0.5, 450, 9, 450, 5, -0.2437919690, -0.1144849946);
        step(process, 0.5, 100, 12, 100, 1, 3.0588623074, 3.7382302272);
    }

    @Test
    void a_good_candidate_gives_the_known_evidence_and_empty_ticks_give_none() {
        EProcess process = new EProcess(NONE, 0.001);
        step(process, 0.05, 0, 0, 0, 0, 0, 0);
        assertThat(process.logGrid()).isZero();
        assertThat(process.logRestart()).isZero();
        step(process, 0.05, 50, 0, 950, 0, -0.3495136159, -0.1595639338);
        step(process, 0.05, 0, 0, 0, 0, -0.3495136159, -0.1595639338);
        step(process, 0.05, 0, 0, 100, 1, -1.7183407908, -0.5281722921);
        step(process, 0.05, 50, 0, 950, 2, -2.3121914111, -0.5987064991);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void without_a_concurrent_control_nothing_is_bet_but_the_active_rate_is_learnt(double split) {
        EProcess with = new EProcess(NONE, 0.01);
        with.add(Tick.of(split, split == 1 ? 150 : 0, split == 1 ? 150 : 0, 1000, 900));
        assertThat(with.logGrid()).isZero();
        assertThat(with.logRestart()).isZero();
        EProcess without = new EProcess(NONE, 0.01);
        Tick next = Tick.of(0.5, 10, 5, 10, 0);
        with.add(next);
        without.add(next);
        assertThat(with.logGrid()).isNotEqualTo(without.logGrid());
        assertThat(with.active().bad()).isEqualTo(900);
    }

    @Test
    void counts_what_it_was_given() {
        EProcess process = new EProcess(NONE, 0);
        process.add(Tick.of(0.5, 10, 1, 20, 2));
        process.add(Tick.of(0.25, 3, 3, 4, 0));
        assertThat(process.candidate().requests()).isEqualTo(13);
        assertThat(process.candidate().bad()).isEqualTo(4);
        assertThat(process.active().requests()).isEqualTo(24);
        assertThat(process.active().bad()).isEqualTo(2);
    }

    @Test
    void where_no_alternative_is_beyond_the_margin_nothing_is_bet() {
        EProcess process = new EProcess(FIVE_POINTS, 0.99);
        process.add(Tick.of(0.5, 1000, 1000, 1000, 0));
        assertThat(process.logGrid()).isZero();
        assertThat(process.logRestart()).isCloseTo(0, within(1e-15));
    }

    @Test
    void huge_counts_keep_the_evidence_finite() {
        long most = 1_000_000_000_000L;
        for (Margin margin : new Margin[] {NONE, FIVE_POINTS, new Margin(100, 0.9), new Margin(0.01, 0)}) {
            for (Tick tick : new Tick[] {
                Tick.of(0.5, most, most, most, 0),
                Tick.of(0.5, most, 0, most, most),
                Tick.of(1e-9, most, most / 2, most, most / 2),
                Tick.of(1, most, most, 0, 0)
            }) {
                EProcess process = new EProcess(margin, 0);
                for (int i = 0; i < 1000; i++) {
                    process.add(tick);
                }
                assertThat(process.logGrid()).isFinite();
                assertThat(process.logRestart()).isFinite();
            }
        }
    }

    @Test
    void a_replay_is_the_same_bit_for_bit() {
        Traffic traffic = new Traffic(7);
        EProcess one = new EProcess(FIVE_POINTS, 0.01);
        EProcess two = new EProcess(FIVE_POINTS, 0.01);
        for (int i = 0; i < 2000; i++) {
            Tick tick = traffic.tick(50, 0.1, 0.08, 0.01);
            one.add(tick);
            two.add(tick);
            assertThat(Double.doubleToRawLongBits(one.logRestart()))
                    .isEqualTo(Double.doubleToRawLongBits(two.logRestart()));
            assertThat(Double.doubleToRawLongBits(one.logGrid())).isEqualTo(Double.doubleToRawLongBits(two.logGrid()));
        }
        // Pinned, so that another machine or another arrangement of the sums is noticed.
        assertThat(Double.toHexString(one.logRestart())).isEqualTo("0x1.075d809c52be5p5");
    }

    @Test
    void refuses_what_is_out_of_range() {
        Problems.invalid("ratio", () -> new Margin(0, 0));
        Problems.invalid("ratio", () -> new Margin(Double.NaN, 0));
        Problems.invalid("ratio", () -> new Margin(100.1, 0));
        Problems.invalid("points", () -> new Margin(1, 1));
        Problems.invalid("points", () -> new Margin(1, -0.01));
        Problems.invalid("alpha", () -> new Limit(NONE, 0));
        Problems.invalid("alpha", () -> new Limit(NONE, 0.51));
        Problems.invalid("prior", () -> new EProcess(NONE, 1.01));
        Problems.invalid("prior", () -> new EProcess(NONE, Double.NaN));
        Problems.invalid("split", () -> Tick.of(1.01, 0, 0, 0, 0));
        Problems.invalid("n_canary", () -> Tick.of(0.5, -1, 0, 0, 0));
        Problems.invalid("x_canary", () -> Tick.of(0.5, 1, 2, 0, 0));
        Problems.invalid("n_active", () -> Tick.of(0.5, 0, 0, Long.MAX_VALUE, 0));
        Problems.invalid("x_active", () -> Tick.of(0.5, 0, 0, 1, -1));
    }

    private static void step(
            EProcess process, double split, long nc, long xc, long na, long xa, double grid, double restart) {
        process.add(Tick.of(split, nc, xc, na, xa));
        assertThat(process.logGrid()).isCloseTo(grid, within(1e-9));
        assertThat(process.logRestart()).isCloseTo(restart, within(1e-9));
    }
}
