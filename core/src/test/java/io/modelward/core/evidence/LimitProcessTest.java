package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitProcessTest {

    private static final Limit LIMIT = new Limit(new Margin(1, 0), 0.01);

    @Test
    void harm_is_seen_at_the_tick_that_crosses_and_stays() {
        LimitProcess process = new LimitProcess(LIMIT, 0.01);
        process.add(Tick.of(0.05, 5, 0, 95, 1));
        process.add(Tick.of(0.05, 0, 0, 0, 0));
        process.add(Tick.of(0.05, 5, 1, 95, 0));
        process.add(Tick.of(0.05, 5, 1, 95, 2));
        assertThat(process.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(process.crossedAt()).isEmpty();
        process.add(Tick.of(0.05, 5, 2, 95, 1));
        assertThat(process.verdict()).isEqualTo(Verdict.HARM);
        assertThat(process.crossedAt()).hasValue(5);
        process.add(Tick.of(0.5, 100_000, 0, 100_000, 50_000));
        assertThat(Verdict.of(process.evidence(), LIMIT)).isEqualTo(Verdict.UNDECIDED);
        assertThat(process.verdict()).isEqualTo(Verdict.HARM);
        assertThat(process.crossedAt()).hasValue(5);
    }

    @Test
    void the_threshold_is_the_logarithm_of_one_over_alpha() {
        assertThat(LIMIT.logThreshold()).isEqualTo(StrictMath.log(100), org.assertj.core.api.Assertions.within(1e-15));
        assertThat(Verdict.HARM.label()).isEqualTo("harm");
    }
}
