package io.modelward.core.rollout;

import static io.modelward.core.rollout.Scenes.tick;
import static io.modelward.core.rollout.Scenes.until;
import static io.modelward.core.rollout.Scenes.withLatency;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitMonitorTest {

    private static final RolloutPlan PLAN = Scenes.plan("");
    private static final Set<Guardrail> NONE = Set.of();

    /** Worse by more than the halt limit's point and less than the rollback limit's five. */
    private static ScoredTick diverging(long number) {
        return tick(number, 500, 20, 500, 5);
    }

    @Test
    void ticks_fed_again_give_the_same_readings_bit_for_bit() {
        Random random = new Random(3);
        List<ScoredTick> ticks = new ArrayList<>();
        for (int number = 1; number <= 500; number++) {
            int canary = random.nextInt(20);
            int active = random.nextInt(200);
            Tick errors = Tick.of(
                    List.of(0.05, 0.25, 0.5, 0.99).get(number / 125 % 4),
                    canary,
                    random.nextInt(canary + 1) / 8,
                    active,
                    random.nextInt(active + 1) / 9);
            ticks.add(
                    ScoredTick.of(number, number / 125, errors, number < 50 ? Optional.empty() : Optional.of(errors)));
        }
        LimitMonitor once = new LimitMonitor(PLAN, 0.013);
        LimitMonitor again = new LimitMonitor(PLAN, 0.013);
        ticks.forEach(once::add);
        ticks.forEach(again::add);
        assertThat(again.readings()).isEqualTo(once.readings());
        assertThat(again.harm()).isEqualTo(once.harm());
        assertThat(again.divergence(NONE)).isEqualTo(once.divergence(NONE));
        assertThat(once.readings()).as("the ticks say something").anyMatch(reading -> reading.logRestart() != 0);
    }

    @Test
    void an_outage_of_the_candidate_crosses_the_rollback_limit_and_the_crossing_has_the_counts() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        long crossed = until(
                monitor,
                number -> tick(number, 2, 2, 2, 0),
                () -> monitor.harm().isPresent());
        Crossing crossing = monitor.harm().orElseThrow();
        assertThat(crossing.guardrail()).isEqualTo(Guardrail.ERRORS);
        assertThat(crossing.rollback()).isTrue();
        assertThat(crossing.limit()).isEqualTo(PLAN.rollback());
        assertThat(crossing.tick()).isEqualTo(crossed);
        assertThat(crossing.candidate().requests()).isEqualTo(2 * crossed);
        assertThat(crossing.candidate().bad()).isEqualTo(2 * crossed);
        assertThat(crossing.active().requests()).isEqualTo(2 * crossed);
        assertThat(crossing.active().bad()).isZero();
        assertThat(crossing.logEvidence())
                .isGreaterThanOrEqualTo(PLAN.rollback().logThreshold());
    }

    @Test
    void the_first_crossing_counts_whatever_comes_later() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        long crossed = until(
                monitor,
                number -> tick(number, 5, 5, 5, 0),
                () -> monitor.harm().isPresent());
        Optional<Crossing> first = monitor.harm();
        for (long number = crossed + 1; number < crossed + 200; number++) {
            monitor.add(tick(number, 500, 0, 500, 50));
        }
        assertThat(monitor.harm()).isEqualTo(first);
        assertThat(monitor.readings().getFirst().crossed()).isTrue();
    }

    @Test
    void a_divergence_within_the_rollback_margin_is_no_harm() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0.01);
        until(
                monitor,
                LimitMonitorTest::diverging,
                () -> monitor.divergence(NONE).isPresent());
        assertThat(monitor.harm()).isEmpty();
    }

    @Test
    void an_acknowledged_guardrail_does_not_hold_again_but_another_does() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0.01);
        until(
                monitor,
                LimitMonitorTest::diverging,
                () -> monitor.divergence(NONE).isPresent());
        Rollout acknowledged = RolloutOrders.resume(Scenes.held(Scenes.running(""), Hold.ERRORS), "ada")
                .orElseThrow()
                .rollout();
        Set<Guardrail> errors = acknowledged.progress().acknowledged();
        assertThat(StepStrategy.INSTANCE.next(acknowledged, Observation.of(monitor, errors, true, Optional.empty())))
                .isEqualTo(Optional.empty());
        until(
                monitor,
                number -> withLatency(diverging(number + 1000), 250, 25),
                () -> monitor.divergence(errors).isPresent());
        assertThat(monitor.divergence(errors).orElseThrow().guardrail()).isEqualTo(Guardrail.LATENCY);
        assertThat(monitor.divergence(NONE).orElseThrow().guardrail())
                .as("the one that was crossed first")
                .isEqualTo(Guardrail.ERRORS);
    }

    @Test
    void slow_requests_halt_and_do_not_roll_back_unless_asked_for() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        until(
                monitor,
                number -> withLatency(tick(number, 10, 0, 10, 0), 10, 0),
                () -> monitor.divergence(NONE).isPresent());
        for (long number = 1001; number < 1100; number++) {
            monitor.add(withLatency(tick(number, 10, 0, 10, 0), 10, 0));
        }
        assertThat(monitor.harm()).isEmpty();
        LimitMonitor strict = new LimitMonitor(Scenes.plan("'latency':{'rollback':{}}"), 0);
        until(
                strict,
                number -> withLatency(tick(number, 10, 0, 10, 0), 10, 0),
                () -> strict.harm().isPresent());
        assertThat(strict.harm().orElseThrow().guardrail()).isEqualTo(Guardrail.LATENCY);
    }

    @Test
    void ticks_without_latency_leave_its_evidence_where_it_was() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        monitor.add(tick(1, 10, 1, 10, 1));
        monitor.add(withLatency(tick(2, 10, 1, 10, 1), 3, 2));
        monitor.add(tick(3, 10, 1, 10, 1));
        assertThat(monitor.readings())
                .extracting(
                        LimitMonitor.Reading::guardrail,
                        reading -> reading.candidate().requests())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Guardrail.ERRORS, 30L),
                        org.assertj.core.groups.Tuple.tuple(Guardrail.ERRORS, 30L),
                        org.assertj.core.groups.Tuple.tuple(Guardrail.LATENCY, 10L));
    }

    @Test
    void a_candidate_as_good_as_the_active_version_is_proven_so() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0.01);
        assertThat(monitor.nonInferior()).isFalse();
        until(monitor, number -> tick(number, 500, 5, 500, 5), monitor::nonInferior);
        assertThat(monitor.harm()).isEmpty();
        assertThat(monitor.divergence(NONE)).isEmpty();
    }

    @Test
    void without_a_hold_back_there_is_nothing_to_compare_with_and_nothing_is_proven() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        for (int number = 1; number <= 1000; number++) {
            monitor.add(ScoredTick.of(number, 1, Tick.of(1, 100, 100, 0, 0), Optional.empty()));
        }
        assertThat(monitor.harm()).isEmpty();
        assertThat(monitor.divergence(NONE)).isEmpty();
        assertThat(monitor.nonInferior()).isFalse();
    }

    @Test
    void nobody_is_blamed_for_requests_that_nobody_sent() {
        LimitMonitor monitor = new LimitMonitor(PLAN, 0);
        for (int number = 1; number <= 200; number++) {
            monitor.add(tick(number, 0, 0, 100, 50));
        }
        assertThat(monitor.readings().getFirst().logRestart())
                .isGreaterThan(PLAN.rollback().logThreshold());
        assertThat(monitor.harm()).isEmpty();
        assertThat(monitor.divergence(NONE)).isEmpty();
    }
}
