package io.modelward.core.rollout;

import static io.modelward.core.rollout.Scenes.CALM;
import static io.modelward.core.rollout.Scenes.activeFails;
import static io.modelward.core.rollout.Scenes.after;
import static io.modelward.core.rollout.Scenes.baking;
import static io.modelward.core.rollout.Scenes.divergence;
import static io.modelward.core.rollout.Scenes.fail;
import static io.modelward.core.rollout.Scenes.failures;
import static io.modelward.core.rollout.Scenes.harm;
import static io.modelward.core.rollout.Scenes.held;
import static io.modelward.core.rollout.Scenes.nonInferior;
import static io.modelward.core.rollout.Scenes.notReady;
import static io.modelward.core.rollout.Scenes.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepStrategyTest {

    private static Transition next(Rollout rollout, Observation seen) {
        return StepStrategy.INSTANCE.next(rollout, seen).orElseThrow();
    }

    private static Optional<Transition> none() {
        return Optional.empty();
    }

    @Test
    void a_loaded_candidate_begins_with_the_first_share() {
        Transition begun = StepStrategy.INSTANCE.begin(Scenes.loading(Scenes.PLAN));
        assertThat(begun.rollout().state()).isEqualTo(RolloutState.RUNNING);
        assertThat(begun.route()).contains(Traffic.SHARE);
        assertThat(begun.rollout().arms(Traffic.SHARE))
                .extracting(arm -> arm.weight())
                .containsExactly(9_000, 1_000);
        assertThat(begun.rollout().progress().reason()).contains("Step 1 of 3", "10 %");
    }

    @Test
    void the_only_step_of_a_blue_green_rollout_is_its_bake() {
        assertThat(StepStrategy.INSTANCE
                        .begin(Scenes.loading("'strategy':'blue-green'"))
                        .rollout()
                        .state())
                .isEqualTo(RolloutState.BAKING);
    }

    @Test
    void a_candidate_that_cannot_be_loaded_touches_no_route() {
        Transition failed = Transitions.loadFailed(Scenes.loading(""), "Python says no");
        assertThat(failed.rollout().state()).isEqualTo(RolloutState.LOAD_FAILED);
        assertThat(failed.route()).isEmpty();
        assertThat(failed.rollout().progress().reason()).isEqualTo("Python says no");
    }

    @ParameterizedTest
    @EnumSource(
            value = RolloutState.class,
            names = {"RUNNING", "BAKING"})
    void harm_takes_the_traffic_away_and_names_the_limit(RolloutState state) {
        Rollout rollout = Scenes.in(state);
        Observation seen = harm(rollout.plan());
        Transition transition = next(rollout, seen);
        assertThat(transition.rollout().state()).isEqualTo(RolloutState.ABORTING);
        assertThat(transition.route()).contains(Traffic.NONE);
        assertThat(transition.action()).isEqualTo("rollback");
        assertThat(transition.rollout().progress().verdict()).isEqualTo(seen.harm());
        assertThat(StepStrategy.INSTANCE.takesTraffic(rollout, seen)).isTrue();
        assertThat(Transitions.rolledBack(transition.rollout()).rollout().state())
                .isEqualTo(RolloutState.ROLLED_BACK);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void harm_takes_the_traffic_away_whatever_holds_the_rollout(Hold why) {
        Rollout rollout = held(running(""), why);
        assertThat(next(rollout, harm(rollout.plan())).rollout().state()).isEqualTo(RolloutState.ABORTING);
        assertThat(StepStrategy.INSTANCE.takesTraffic(rollout, harm(rollout.plan())))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Hold.class,
            names = {"NO_TRAFFIC"},
            mode = EnumSource.Mode.EXCLUDE)
    void what_is_held_only_a_person_lets_go_on(Hold why) {
        Rollout rollout =
                after(held(running(",'on_halt':'rollback','on_inconclusive':'promote'"), why), 1_000_000, 1_000_000);
        assertThat(StepStrategy.INSTANCE.next(rollout, nonInferior())).isEqualTo(none());
        assertThat(StepStrategy.INSTANCE.next(rollout, activeFails(1))).isEqualTo(none());
        Observation diverged = divergence(Guardrail.ERRORS, rollout.plan());
        assertThat(StepStrategy.INSTANCE.next(rollout, diverged)).isEqualTo(none());
        assertThat(StepStrategy.INSTANCE.takesTraffic(rollout, diverged)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Guardrail.class)
    void a_halt_limit_holds_with_the_split_it_has(Guardrail guardrail) {
        Rollout rollout = running("");
        Observation seen = divergence(guardrail, rollout.plan());
        Transition transition = next(rollout, seen);
        assertThat(transition.rollout().state()).isEqualTo(RolloutState.HELD);
        assertThat(transition.rollout().progress().hold()).contains(Hold.of(guardrail));
        assertThat(transition.route()).isEmpty();
        assertThat(transition.rollout().progress().verdict()).isEqualTo(seen.divergence());
        assertThat(StepStrategy.INSTANCE.takesTraffic(rollout, seen)).isFalse();
    }

    @Test
    void a_halt_limit_rolls_back_when_the_plan_says_so() {
        Rollout rollout = running(",'on_halt':'rollback'");
        Observation seen = divergence(Guardrail.LATENCY, rollout.plan());
        assertThat(next(rollout, seen).rollout().state()).isEqualTo(RolloutState.ABORTING);
        assertThat(StepStrategy.INSTANCE.takesTraffic(rollout, seen)).isTrue();
    }

    @Test
    void an_active_version_that_fails_freezes_the_split() {
        Rollout rollout = after(running(",'incident_rate':0.2"), 10_000, 100);
        Transition transition = next(rollout, activeFails(0.2));
        assertThat(transition.rollout().progress().hold()).contains(Hold.SHARED_INCIDENT);
        assertThat(transition.route()).isEmpty();
        assertThat(transition.rollout().progress().reason()).contains("20 %");
        assertThat(next(rollout, activeFails(0.199)).action()).isEqualTo("advance");
    }

    @Test
    void a_hold_for_an_active_version_that_fails_says_what_both_versions_did() {
        Observation seen = new Observation(
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.of(failures(50, 0, 52, 52)),
                failures(1495, 0, 1512, 1512));
        String words = next(running(""), seen).rollout().progress().reason();
        assertThat(words)
                .contains("the candidate failed 0 of 1,495, the active version all 1,512")
                .contains("0 of 50", "all 52", "Resume it once")
                .doesNotContain("nothing can be said");
        assertThat(next(running(""), fail(0.5, 1)).rollout().progress().reason())
                .contains("the candidate failed 500 of 1,000, the active version all 1,000", "Both versions fail");
    }

    @Test
    void one_decision_carries_a_rollout_past_an_active_version_that_fails_unless_the_candidate_fails_too() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            double limit = (1 + random.nextInt(900)) / 1000.0;
            Rollout rollout = running(",'incident_rate':" + limit);
            double active = limit + (1 - limit) * random.nextDouble() + 0.001;
            Transition held = next(rollout, activeFails(Math.min(1, active)));
            assertThat(held.rollout().progress().hold()).as("seed %d", seed).contains(Hold.SHARED_INCIDENT);
            rollout = RolloutOrders.resume(held.rollout(), "ada: it is the old one")
                    .orElseThrow()
                    .rollout();
            rollout = Rollout.fromJson(rollout.toJson());
            for (int step = 0; step < 3; step++) {
                double candidate = Math.max(0, limit - 0.001) * random.nextDouble();
                Rollout before = after(rollout, 10_000, 100);
                assertThat(next(before, fail(limit, 1)).rollout().progress().hold())
                        .as("seed %d, step %d: both fail", seed, step)
                        .contains(Hold.SHARED_INCIDENT);
                Transition transition = next(before, fail(candidate, Math.min(1, active)));
                assertThat(transition.action())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(step == 2 ? "promote" : "advance");
                rollout = transition.rollout();
            }
        }
    }

    @Test
    void a_step_is_passed_by_time_and_traffic_together() {
        assertThat(StepStrategy.INSTANCE.next(after(running(""), 9_999, 1000), CALM))
                .isEqualTo(none());
        assertThat(StepStrategy.INSTANCE.next(after(running(""), 30_000, 99), CALM))
                .isEqualTo(none());
        Transition transition = next(after(running(""), 10_000, 100), CALM);
        assertThat(transition.rollout().progress().step()).isEqualTo(1);
        assertThat(transition.route()).contains(Traffic.SHARE);
        assertThat(transition.rollout().progress().reason()).contains("100 requests", "10.0 s", "Step 2 of 3", "50 %");
    }

    @Test
    void each_step_begins_with_no_time_and_no_traffic_of_its_own() {
        RolloutProgress second =
                next(after(running(""), 10_000, 100), CALM).rollout().progress();
        assertThat(second.dwellMillis()).isZero();
        assertThat(second.samples()).isZero();
        assertThat(second.servedMillis()).isEqualTo(10_000);
        assertThat(second.lastTick()).isEqualTo(1);
    }

    @Test
    void a_candidate_that_is_not_ready_does_not_advance() {
        assertThat(StepStrategy.INSTANCE.next(after(running(""), 10_000, 100), notReady()))
                .isEqualTo(none());
    }

    @Test
    void the_step_before_the_last_leads_to_the_bake_with_its_hold_back() {
        Rollout second = next(after(running(""), 10_000, 100), CALM).rollout();
        Rollout last = next(after(second, 10_000, 100), CALM).rollout();
        assertThat(last.state()).isEqualTo(RolloutState.BAKING);
        assertThat(last.arms(Traffic.SHARE)).extracting(arm -> arm.weight()).containsExactly(100, 9_900);
    }

    @Test
    void the_last_step_promotes_after_its_bake_time() {
        Rollout rollout = baking(",'bake':'20s'");
        assertThat(StepStrategy.INSTANCE.next(after(rollout, 19_999, 1000), CALM))
                .isEqualTo(none());
        Transition transition = next(after(rollout, 20_000, 1000), CALM);
        assertThat(transition.rollout().state()).isEqualTo(RolloutState.PROMOTED);
        assertThat(transition.route()).contains(Traffic.ALL);
    }

    @Test
    void the_gate_non_inferior_waits_for_the_proof() {
        Rollout rollout = after(running(",'gate':'non-inferior'"), 10_000, 100);
        assertThat(StepStrategy.INSTANCE.next(rollout, CALM)).isEqualTo(none());
        assertThat(next(rollout, nonInferior()).action()).isEqualTo("advance");
    }

    @Test
    void the_gate_approval_holds_for_a_person_once_time_and_traffic_are_enough() {
        Rollout rollout = running(",'gate':'approval'");
        assertThat(StepStrategy.INSTANCE.next(after(rollout, 9_999, 100), nonInferior()))
                .isEqualTo(none());
        Rollout waiting = next(after(rollout, 10_000, 100), nonInferior()).rollout();
        assertThat(waiting.progress().hold()).contains(Hold.APPROVAL);
        Rollout approved = RolloutOrders.resume(waiting, "ada").orElseThrow().rollout();
        Rollout second = next(approved, CALM).rollout();
        assertThat(second.progress().step()).isEqualTo(1);
        assertThat(next(after(second, 10_000, 100), CALM).rollout().progress().hold())
                .as("an approval is for one step")
                .contains(Hold.APPROVAL);
    }

    @Test
    void no_traffic_holds_and_lets_go_by_itself() {
        assertThat(StepStrategy.INSTANCE.next(after(running(""), 9_999, 0), CALM))
                .isEqualTo(none());
        Rollout held = next(after(running(""), 10_000, 0), CALM).rollout();
        assertThat(held.progress().hold()).contains(Hold.NO_TRAFFIC);
        assertThat(StepStrategy.INSTANCE.next(held, nonInferior())).isEqualTo(none());
        Transition on = next(after(held, 0, 1), CALM);
        assertThat(on.rollout().state()).isEqualTo(RolloutState.RUNNING);
        assertThat(on.rollout().progress().acknowledged()).isEqualTo(EnumSet.noneOf(Guardrail.class));
        assertThat(StepStrategy.INSTANCE.next(on.rollout(), CALM)).isEqualTo(none());
    }

    @Test
    void a_short_step_is_not_called_without_traffic_within_a_second() {
        Rollout rollout =
                StepStrategy.INSTANCE.begin(Scenes.loading("'min_dwell':'0s'")).rollout();
        assertThat(StepStrategy.INSTANCE.next(after(rollout, 999, 0), CALM)).isEqualTo(none());
        assertThat(next(after(rollout, 1000, 0), CALM).rollout().progress().hold())
                .contains(Hold.NO_TRAFFIC);
    }

    @Test
    void nothing_advances_without_a_request_even_if_the_plan_wants_none() {
        Rollout rollout = StepStrategy.INSTANCE
                .begin(Scenes.loading("'min_dwell':'0s','min_samples':0,'gate':'no-harm'"))
                .rollout();
        assertThat(next(after(rollout, 5000, 0), CALM).rollout().progress().hold())
                .contains(Hold.NO_TRAFFIC);
        assertThat(next(after(rollout, 5000, 1), CALM).action()).isEqualTo("advance");
    }

    @Test
    void a_step_that_stays_undecided_is_held_unless_the_plan_says_otherwise() {
        assertThat(StepStrategy.INSTANCE.next(after(running(""), 59_999, 1), CALM))
                .isEqualTo(none());
        Transition held = next(after(running(""), 60_000, 1), CALM);
        assertThat(held.rollout().progress().hold()).contains(Hold.INCONCLUSIVE);
        assertThat(held.rollout().progress().reason()).contains("1m", "1 of 100", "no-harm");
        Transition back = next(after(running(",'on_inconclusive':'rollback'"), 60_000, 1), CALM);
        assertThat(back.rollout().state()).isEqualTo(RolloutState.ABORTING);
        Transition on = next(after(running(",'on_inconclusive':'promote'"), 60_000, 1), CALM);
        assertThat(on.action()).isEqualTo("advance");
        assertThat(on.rollout().progress().reason()).contains("without evidence");
    }

    @Test
    void a_candidate_that_is_not_ready_does_not_go_on_without_evidence_either() {
        assertThat(StepStrategy.INSTANCE.next(after(running(",'on_inconclusive':'promote'"), 60_000, 1), notReady()))
                .isEqualTo(none());
    }

    @Test
    void a_person_who_resumes_gives_the_step_its_time_again() {
        Rollout held = next(after(running(""), 60_000, 1), CALM).rollout();
        Rollout resumed = RolloutOrders.resume(held, "ada").orElseThrow().rollout();
        assertThat(StepStrategy.INSTANCE.next(after(resumed, 59_999, 0), CALM)).isEqualTo(none());
        assertThat(next(after(resumed, 60_000, 0), CALM).rollout().progress().hold())
                .contains(Hold.INCONCLUSIVE);
    }

    @Test
    void a_server_that_died_leaves_the_rollout_held_with_its_split() {
        Transition transition = Transitions.restarted(running(""));
        assertThat(transition.rollout().progress().hold()).contains(Hold.RESTARTED);
        assertThat(transition.route()).isEmpty();
    }

    @Test
    void a_candidate_that_is_lost_is_rolled_back() {
        assertThat(Transitions.lost(running(""), "gone").route()).contains(Traffic.NONE);
    }
}
