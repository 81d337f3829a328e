package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * Another e-process for the same question, which looks at errors only: given that a request failed, the candidate had
 * it with a chance that is known under the null. It shares no code with {@link EProcess}, so where the case is clear
 * the two must agree.
 */
class AttributionTest {

    private static final double[] MULTIPLES = {1.1, 1.25, 1.5, 2, 3, 5, 10, 25, 100};
    private static final double THRESHOLD = Math.log(100);

    @Test
    void gives_the_known_answers() {
        double[] logs = new double[MULTIPLES.length];
        check(logs, 0, 3, -0.4928945711);
        check(logs, 2, 2, 1.1664704625);
        check(logs, 3, 1, 6.0752351976);
    }

    @Test
    void agrees_with_the_e_process_where_the_case_is_clear() {
        for (long seed = 0; seed < 50; seed++) {
            for (double split : new double[] {0.05, 0.3, 0.5}) {
                assertThat(bothSayHarm(seed, split, 0.10))
                        .as("harm, seed %d", seed)
                        .containsExactly(true, true);
                assertThat(bothSayHarm(seed, split, 0.005))
                        .as("better, seed %d", seed)
                        .containsExactly(false, false);
            }
        }
    }

    private static boolean[] bothSayHarm(long seed, double split, double candidate) {
        Traffic traffic = new Traffic(seed);
        LimitProcess ours = new LimitProcess(new Limit(new Margin(1, 0), 0.01), 0.01);
        double[] logs = new double[MULTIPLES.length];
        boolean theirs = false;
        for (int i = 0; i < 300; i++) {
            Tick tick = traffic.tick(100, split, candidate, 0.01);
            ours.add(tick);
            theirs |= attribution(
                            logs, split, tick.candidate().bad(), tick.active().bad())
                    >= THRESHOLD;
        }
        return new boolean[] {ours.verdict() == Verdict.HARM, theirs};
    }

    private static void check(double[] logs, long candidate, long active, double expected) {
        assertThat(attribution(logs, 0.05, candidate, active)).isCloseTo(expected, within(1e-9));
    }

    private static double attribution(double[] logs, double split, long candidate, long active) {
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            double theta = split * MULTIPLES[i] / (split * MULTIPLES[i] + 1 - split);
            logs[i] += candidate * Math.log(theta / split) + active * Math.log((1 - theta) / (1 - split));
            sum += Math.exp(logs[i]);
        }
        return Math.log(sum / logs.length);
    }
}
