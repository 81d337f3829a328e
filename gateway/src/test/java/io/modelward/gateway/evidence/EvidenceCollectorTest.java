package io.modelward.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.evidence.TrafficSplit.OutcomeListener;
import io.modelward.gateway.evidence.TrafficSplit.Share;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvidenceCollectorTest {

    private static final long TICK = EvidenceCollector.TICK_NANOS;
    private static final long DEADLINE = 5 * TICK;
    private static final ArmId CANDIDATE = ArmId.CANDIDATE;
    private static final ArmId ACTIVE = ArmId.ACTIVE;

    private final EvidenceCollector evidence = new EvidenceCollector("r-1", DEADLINE, 7, new Random(1));
    private TrafficSplit split = evidence.prepare(3, List.of(new Share(CANDIDATE, 5_000)));

    EvidenceCollectorTest() {
        evidence.switchTo(split, 0);
    }

    private OutcomeListener admit(ArmId arm) {
        return Objects.requireNonNull(split.admit(split.assign(Optional.empty(), true), arm));
    }

    private static Tick errors(ScoredTick tick) {
        return tick.comparison(Guardrail.ERRORS, CANDIDATE).orElseThrow();
    }

    private static Optional<Tick> latency(ScoredTick tick) {
        return tick.comparison(Guardrail.LATENCY, CANDIDATE);
    }

    private List<ScoredTick> turn(long now) {
        return evidence.turn(now).stream().map(EvidenceCollector.Scored::tick).toList();
    }

    @Test
    void a_tick_is_scored_when_all_have_ended() {
        OutcomeListener candidate = admit(CANDIDATE);
        OutcomeListener active = admit(ACTIVE);
        candidate.tell(true, 10);
        assertThat(turn(TICK)).isEmpty();
        active.tell(true, 10);
        assertThat(turn(TICK + 1)).containsExactly(ScoredTick.of(8, 3, Tick.of(0.5, 1, 0, 1, 0), Optional.empty()));
        assertThat(turn(TICK + 2)).isEmpty();
    }

    @Test
    void nothing_is_scored_within_its_tick() {
        admit(CANDIDATE).tell(false, 10);
        assertThat(turn(TICK - 1)).isEmpty();
        assertThat(turn(TICK)).hasSize(1);
    }

    @Test
    void a_request_that_hangs_is_bad_on_either_arm_when_the_deadline_is_over() {
        admit(CANDIDATE);
        admit(CANDIDATE).tell(true, 10);
        admit(ACTIVE);
        assertThat(turn(TICK)).isEmpty();
        assertThat(turn(TICK + DEADLINE - 1)).isEmpty();
        assertThat(turn(TICK + DEADLINE))
                .extracting(EvidenceCollectorTest::errors)
                .containsExactly(Tick.of(0.5, 2, 1, 1, 1));
    }

    @Test
    void an_outcome_that_comes_too_late_changes_nothing() {
        OutcomeListener late = admit(CANDIDATE);
        turn(TICK);
        List<ScoredTick> scored = turn(TICK + DEADLINE);
        late.tell(true, 10);
        assertThat(errors(scored.getFirst()).candidate().bad()).isEqualTo(1);
        assertThat(turn(20 * DEADLINE)).isEmpty();
    }

    @Test
    void refused_and_failed_requests_are_bad() {
        admit(CANDIDATE).tell(false, 10);
        admit(ACTIVE).tell(false, 10);
        admit(ACTIVE).tell(true, 10);
        assertThat(turn(TICK)).extracting(EvidenceCollectorTest::errors).containsExactly(Tick.of(0.5, 1, 1, 2, 1));
    }

    @Test
    void ticks_are_scored_in_their_order() {
        OutcomeListener slow = admit(CANDIDATE);
        turn(TICK);
        admit(ACTIVE).tell(true, 10);
        assertThat(turn(2 * TICK)).as("the first one still waits").isEmpty();
        slow.tell(true, 10);
        assertThat(turn(2 * TICK + 1))
                .extracting(ScoredTick::number, tick -> errors(tick).candidate().requests())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(8L, 1L), org.assertj.core.groups.Tuple.tuple(9L, 0L));
    }

    @Test
    void ticks_without_requests_are_not_scored_and_take_no_number() {
        assertThat(turn(TICK)).isEmpty();
        assertThat(turn(9 * TICK)).isEmpty();
        admit(ACTIVE).tell(true, 10);
        assertThat(turn(10 * TICK)).extracting(ScoredTick::number).containsExactly(8L);
    }

    @Test
    void a_split_that_is_over_admits_nobody_and_is_scored_under_its_own_revision() {
        admit(CANDIDATE).tell(true, 10);
        TrafficSplit before = split;
        split = evidence.prepare(4, List.of(new Share(CANDIDATE, 9_000)));
        evidence.switchTo(split, 10);
        assertThat(before.admit(before.assign(Optional.empty(), true), CANDIDATE))
                .isNull();
        assertThat(before.admit(before.assign(Optional.empty(), false), CANDIDATE))
                .as("nor one that is no evidence")
                .isNull();
        admit(ACTIVE).tell(true, 10);
        assertThat(turn(10 + TICK))
                .extracting(ScoredTick::revision, tick -> errors(tick).split())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, 0.5), org.assertj.core.groups.Tuple.tuple(4L, 0.9));
    }

    @Test
    void the_end_scores_what_was_admitted() {
        admit(CANDIDATE).tell(true, 10);
        evidence.end(5);
        assertThat(turn(6)).hasSize(1);
        assertThat(split.admit(split.assign(Optional.empty(), true), CANDIDATE)).isNull();
    }

    /** Nothing makes rollouts with two candidates yet; draws, counts and limits have room for them. */
    @Test
    void two_candidates_get_their_shares_and_are_each_compared_with_the_active_arm() {
        ArmId second = new ArmId("second");
        split = evidence.prepare(4, List.of(new Share(CANDIDATE, 2_000), new Share(second, 3_000)));
        evidence.switchTo(split, 0);
        Map<ArmId, Integer> drawn = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            TrafficSplit.Assignment assignment = split.assign(Optional.of("key" + i), true);
            ArmId arm = split.arm(assignment);
            drawn.merge(arm, 1, Integer::sum);
            Objects.requireNonNull(split.admit(assignment, arm)).tell(!arm.equals(second), 10);
        }
        ScoredTick tick = turn(TICK).getFirst();
        assertThat(drawn.get(CANDIDATE)).isBetween(1_760, 2_240);
        assertThat(drawn.get(second)).isBetween(2_725, 3_275);
        assertThat(tick.comparison(Guardrail.ERRORS, CANDIDATE))
                .contains(Tick.of(2.0 / 7, drawn.get(CANDIDATE), 0, drawn.get(ACTIVE), 0));
        assertThat(tick.comparison(Guardrail.ERRORS, second))
                .contains(Tick.of(3.0 / 8, drawn.get(second), drawn.get(second), drawn.get(ACTIVE), 0));
        RolloutPlan plan = PlanReader.read(Json.object());
        LimitMonitor first = new LimitMonitor(plan, 0);
        LimitMonitor other = new LimitMonitor(plan, 0, second);
        first.add(tick);
        other.add(tick);
        assertThat(first.harm()).isEmpty();
        assertThat(other.harm()).isPresent();
    }

    @Test
    void finishing_scores_also_what_has_not_ended_yet() {
        admit(CANDIDATE);
        assertThat(evidence.finish(1))
                .extracting(scored -> errors(scored.tick()))
                .containsExactly(Tick.of(0.5, 1, 1, 0, 0));
    }

    @Test
    void latency_is_compared_from_the_first_tick_after_the_threshold_is_frozen() {
        admit(CANDIDATE).tell(true, 1);
        evidence.freeze(1_000);
        admit(CANDIDATE).tell(true, 1);
        assertThat(turn(TICK)).extracting(EvidenceCollectorTest::latency).containsExactly(Optional.empty());
        admit(CANDIDATE).tell(true, 1_000_000);
        admit(CANDIDATE).tell(true, 1_000_001);
        admit(ACTIVE).tell(false, 1);
        assertThat(turn(2 * TICK))
                .as("an error is slow, however quick it was")
                .extracting(EvidenceCollectorTest::latency)
                .containsExactly(Optional.of(Tick.of(0.5, 2, 1, 1, 1)));
    }

    @Test
    void what_is_known_of_the_active_version_is_its_last_requests() {
        RecentRequests recent = new RecentRequests();
        assertThat(recent.errorRate()).isEmpty();
        for (int i = 1; i <= 99; i++) {
            recent.add(i % 10 != 0, i * 1000L);
        }
        assertThat(recent.latency(0.95)).as("too few to know a tail").isEmpty();
        recent.add(true, 100_000);
        assertThat(recent.errorRate()).contains(0.09);
        assertThat(recent.latency(0.5)).hasValue(50);
        assertThat(recent.latency(0.95)).hasValue(95);
        assertThat(recent.latency(0.99)).hasValue(99);
        for (int i = 0; i < 4096; i++) {
            recent.add(true, 7_000);
        }
        assertThat(recent.errorRate()).as("older ones are forgotten").contains(0.0);
        assertThat(recent.latency(0.99)).hasValue(7);
    }
}
