package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PowerTest {

    private static final long SEED = 5;
    private static final int SIZE = 20;
    private static final Limit ANY_HARM = new Limit(new Margin(1, 0), 0.01);

    @Test
    void a_candidate_with_five_times_the_errors_is_seen_within_its_first_215_requests() {
        Path path = Path.harm("1 % to 5 %", 0, 0.05, 0.01);
        assertThat(Rule.requests(Rule.Kind.OURS, ANY_HARM, path, 0, SIZE, 1000, SEED))
                .as("mean candidate requests, seeds from %d", SEED)
                .isLessThanOrEqualTo(215);
    }

    @Test
    void an_outage_is_seen_within_6_requests() {
        Path path = Path.harm("outage", 0, 1, 0.01);
        assertThat(Rule.requests(Rule.Kind.OURS, ANY_HARM, path, 0, SIZE, 1000, SEED))
                .as("mean candidate requests, seeds from %d", SEED)
                .isLessThanOrEqualTo(6);
    }

    @Test
    void a_good_past_does_not_hide_a_late_failure() {
        int good = 2_000;
        Path path = Path.harm("late", good, 0.2, 0.01);
        double restart = Rule.requests(Rule.Kind.OURS, ANY_HARM, path, good, 100, 50, SEED);
        assertThat(restart)
                .as("mean candidate requests, seeds from %d", SEED)
                .isLessThan(80)
                .isLessThan(grid(path, good) / 2);
    }

    private static double grid(Path path, int from) {
        double sum = 0;
        for (int run = 0; run < 50; run++) {
            Traffic traffic = new Traffic(SEED + run);
            EProcess process = new EProcess(ANY_HARM.margin(), 0.01);
            for (int tick = 0; process.logGrid() < ANY_HARM.logThreshold(); tick++) {
                Tick next = path.tick(tick, traffic, 100);
                sum += tick < from ? 0 : next.candidate().requests();
                process.add(next);
            }
        }
        return sum / 50;
    }
}
