package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.Hold;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.SemVer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rollout does by itself, from its start to its end. */
class RolloutTest extends RolloutFixture {

    @Test
    void a_good_candidate_gets_its_shares_step_by_step_and_is_promoted() {
        String id = begin("{'min_dwell':'1s','min_samples':20,'latency':false}");
        for (int share : new int[] {500, 2_500, 5_000, 9_900}) {
            assertThat(share()).isEqualTo(share);
            for (int i = 0; i < 100 && share() == share && !state(id).ended(); i++) {
                pass(1, 100);
            }
        }
        assertThat(state(id)).isEqualTo(RolloutState.PROMOTED);
        assertThat(serving()).isEqualTo("1.1.0");
        assertThat(snapshot().trial()).isEmpty();
        assertThat(snapshot().previous().orElseThrow().version().version()).hasToString("1.0.0");
        assertThat(ask(50)).isEqualTo(Map.of("1.1.0", 50));
        assertThat(house.runtime.open()).as("one swap away").contains(ACTIVE, CANDIDATE);
    }

    @Test
    void a_blue_green_rollout_goes_at_once_and_bakes() {
        String id = begin("{'strategy':'blue-green','min_dwell':'1s','bake':'2s','min_samples':20,'latency':false}");
        assertThat(state(id)).isEqualTo(RolloutState.BAKING);
        pass(9, 40);
        assertThat(state(id)).isEqualTo(RolloutState.BAKING);
        pass(3, 40);
        assertThat(state(id)).isEqualTo(RolloutState.PROMOTED);
    }

    @Test
    void a_harmful_candidate_is_rolled_back_and_its_verdict_has_the_counts() {
        house.runtime.failing.put(CANDIDATE, 1.0);
        String id = begin(QUICK);
        Map<String, Integer> answers = ask(40);
        house.tick(200);
        RolloutProgress progress = progress(id);
        assertThat(progress.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(progress.verdict().orElseThrow().candidate().bad())
                .isEqualTo(answers.get("model-failed").longValue());
        assertThat(progress.verdict().orElseThrow().active().requests())
                .isEqualTo(answers.get("1.0.0").longValue());
        assertThat(progress.withdrawnMicros()).isPresent();
        assertThat(progress.reason()).contains("1.1.0 failed " + answers.get("model-failed"));
        assertThat(ask(50)).isEqualTo(Map.of("1.0.0", 50));
        assertThat(house.runtime.open()).doesNotContain(CANDIDATE);
    }

    @Test
    void what_was_rolled_back_may_not_serve_again_until_it_is_released() {
        house.runtime.failing.put(CANDIDATE, 1.0);
        String id = begin(QUICK);
        until(id, RolloutState.ROLLED_BACK);
        assertThat(problem(ProblemType.CONFLICT, () -> house.start("1.1.0", QUICK))
                        .detail())
                .contains(id, "Release it with a reason");
        assertThat(problem(ProblemType.CONFLICT, () -> house.serve("1.1.0")).detail())
                .contains("Release it with a reason");
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS))
                .extracting(one -> one.version().toString(), one -> one.rollout())
                .containsExactly(org.assertj.core.groups.Tuple.tuple("1.1.0", id));
        house.rollouts.release(
                GatewayFixture.IRIS, SemVer.parse("1.1.0"), GatewayFixture.ADA, "its feature store was down");
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS)).isEmpty();
        problem(
                ProblemType.NOT_FOUND,
                () -> house.rollouts.release(
                        GatewayFixture.IRIS, SemVer.parse("1.1.0"), GatewayFixture.ADA, "once more"));
        house.runtime.failing.clear();
        until(begin(QUICK), RolloutState.PROMOTED);
    }

    @Test
    void a_candidate_gets_no_traffic_while_it_loads() {
        house.runtime.slowLoads = true;
        String id = house.start("1.1.0", QUICK);
        pass(20, 10);
        assertThat(state(id)).isEqualTo(RolloutState.LOADING);
        assertThat(ask(50)).isEqualTo(Map.of("1.0.0", 50));
        house.runtime.finishLoading();
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.RUNNING);
        assertThat(progress(id).dwellMillis()).isZero();
        assertThat(ask(100)).containsOnlyKeys("1.0.0", "1.1.0");
    }

    @Test
    void a_candidate_that_cannot_be_loaded_leaves_the_endpoint_as_it_was() {
        house.runtime.unloadable.add(CANDIDATE);
        long revision = snapshot().route().revision();
        String id = house.start("1.1.0", QUICK);
        pass(2, 10);
        assertThat(state(id)).isEqualTo(RolloutState.LOAD_FAILED);
        assertThat(progress(id).reason()).contains(CANDIDATE, "Python says no");
        assertThat(snapshot().route().revision()).isEqualTo(revision);
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS)).isEmpty();
        house.runtime.unloadable.clear();
        until(begin(QUICK), RolloutState.PROMOTED);
    }

    @Test
    void a_halt_keeps_the_split_while_evidence_goes_on_and_the_rollback_limit_acts() {
        house.runtime.failing.put(CANDIDATE, 0.25);
        String id = begin(LENIENT);
        until(id, RolloutState.HELD);
        assertHeld(id, Hold.ERRORS);
        long tick = progress(id).lastTick();
        pass(5, 40);
        assertThat(share()).isEqualTo(5_000);
        assertThat(progress(id).lastTick()).isEqualTo(tick + 5);
        house.runtime.failing.put(CANDIDATE, 1.0);
        until(id, RolloutState.ROLLED_BACK);
        assertThat(progress(id).verdict().orElseThrow().rollback()).isTrue();
    }

    @Test
    void going_on_after_a_halt_acknowledges_it() {
        house.runtime.failing.put(CANDIDATE, 0.25);
        String id = begin(LENIENT);
        until(id, RolloutState.HELD);
        house.rollouts.resume(id, GatewayFixture.ADA, "known and accepted");
        assertThat(progress(id).acknowledged()).containsExactly(Guardrail.ERRORS);
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void without_requests_it_is_held_and_goes_on_by_itself_when_they_come() {
        String id = begin(QUICK);
        pass(6, 0);
        assertHeld(id, Hold.NO_TRAFFIC);
        pass(50, 0);
        assertHeld(id, Hold.NO_TRAFFIC);
        assertThat(share()).isEqualTo(5_000);
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void when_both_versions_fail_the_split_is_frozen_and_nobody_is_blamed() {
        String id = begin(QUICK);
        house.runtime.failing.put(CANDIDATE, 1.0);
        house.runtime.failing.put(ACTIVE, 1.0);
        pass(3, 60);
        assertHeld(id, Hold.SHARED_INCIDENT);
        pass(30, 60);
        assertHeld(id, Hold.SHARED_INCIDENT);
        assertThat(share()).isEqualTo(5_000);
        house.runtime.failing.clear();
        house.rollouts.resume(id, GatewayFixture.ADA, "the database is back");
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void one_resume_carries_a_rollout_through_when_only_the_active_version_fails_also_over_a_restart() {
        String id = begin("{'steps':[25,50,75,100],'min_dwell':'600ms','min_samples':20,'evidence_deadline':'1s',"
                + "'step_timeout':'1h','latency':false}");
        house.runtime.failing.put(ACTIVE, 1.0);
        pass(5, 60);
        assertHeld(id, Hold.SHARED_INCIDENT);
        assertThat(progress(id).reason()).contains("the candidate failed 0 of", "the active version all");
        house.rollouts.resume(id, GatewayFixture.ADA, "the old version is broken");
        pass(5, 60);
        house.restart();
        until(id, RolloutState.PROMOTED);
        assertThat(serving()).isEqualTo("1.1.0");
    }

    @Test
    void a_wall_clock_that_jumps_changes_nothing() {
        String id = begin("{'steps':[50,100],'min_dwell':'1h','min_samples':1,'latency':false,'step_timeout':'2h'}");
        pass(5, 20);
        long dwell = progress(id).dwellMillis();
        for (long jump : new long[] {86_400_000, -2 * 86_400_000L, 900 * 86_400_000L}) {
            house.wall += jump;
            pass(1, 20);
        }
        assertThat(progress(id).dwellMillis()).isEqualTo(dwell + 600);
        assertThat(state(id)).isEqualTo(RolloutState.RUNNING);
        assertThat(progress(id).step()).isZero();
    }

    @Test
    void a_pause_of_the_process_is_no_time_in_which_the_candidate_was_watched() {
        String id = begin("{'steps':[50,100],'min_dwell':'1h','min_samples':1,'latency':false,'step_timeout':'2h'}");
        house.tick(3_600_000);
        assertThat(progress(id).dwellMillis()).isEqualTo(1000);
    }

    @Test
    void a_hung_candidate_is_rolled_back_within_the_deadline_and_a_second() {
        String id = begin(QUICK);
        pass(1, 60);
        house.runtime.hanging.add(CANDIDATE);
        long since = house.nanos;
        while (snapshot().trial().isPresent() && house.nanos - since < 10_000_000_000L) {
            for (int i = 0; i < 10; i++) {
                house.predictor.predict(
                        io.modelward.gateway.predict.Request.of("iris", body(java.util.Optional.empty())));
            }
            house.tick(50);
        }
        assertThat((house.nanos - since) / 1_000_000).isLessThanOrEqualTo(2_000);
        house.runtime.timeOut();
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
    }
}
