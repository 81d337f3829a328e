package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Hold;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.route.Mover.Move;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What people tell a rollout, and what else they may do meanwhile. */
class RolloutOrderTest extends RolloutFixture {

    @Test
    void what_a_person_holds_stays_until_a_person_resumes_it() {
        String id = begin(QUICK);
        house.rollouts.hold(id, GatewayFixture.ADA, "let me look");
        pass(20, 60);
        assertHeld(id, Hold.MANUAL);
        assertThat(share()).isEqualTo(5_000);
        house.rollouts.resume(id, GatewayFixture.ADA, "fine");
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_promotion_gives_the_candidate_everything_at_once() {
        String id = begin(QUICK);
        house.rollouts.promote(id, GatewayFixture.ADA, "I know it");
        assertThat(state(id)).isEqualTo(RolloutState.PROMOTED);
        assertThat(ask(40)).isEqualTo(Map.of("1.1.0", 40));
        assertThat(house.rollouts
                        .promote(id, GatewayFixture.ADA, "again")
                        .rollout()
                        .state())
                .isEqualTo(RolloutState.PROMOTED);
        problem(ProblemType.CONFLICT, () -> house.rollouts.abort(id, GatewayFixture.ADA, "too late"));
    }

    @Test
    void an_abort_takes_everything_back_and_is_no_quarantine() {
        String id = begin(QUICK);
        house.rollouts.abort(id, GatewayFixture.ADA, "not today");
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(ask(40)).isEqualTo(Map.of("1.0.0", 40));
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS)).isEmpty();
        assertThat(progress(id).withdrawnMicros()).isPresent();
        until(begin(QUICK), RolloutState.PROMOTED);
    }

    @Test
    void an_abort_before_any_traffic_cancels() {
        house.runtime.slowLoads = true;
        long revision = snapshot().route().revision();
        String id = house.start("1.1.0", QUICK);
        house.rollouts.abort(id, GatewayFixture.ADA, "not today");
        assertThat(state(id)).isEqualTo(RolloutState.CANCELLED);
        house.runtime.finishLoading();
        pass(3, 10);
        assertThat(snapshot().route().revision()).isEqualTo(revision);
        assertThat(house.runtime.open()).containsExactly(ACTIVE);
    }

    @Test
    void harm_that_is_known_goes_before_a_persons_promotion() {
        String id = begin(QUICK);
        house.runtime.failing.put(CANDIDATE, 1.0);
        ask(60);
        house.nanos += 200_000_000;
        problem(ProblemType.CONFLICT, () -> house.rollouts.promote(id, GatewayFixture.ADA, "I know it"));
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(serving()).isEqualTo("1.0.0");
    }

    @Test
    void a_second_rollout_waits_for_the_first() {
        String first = begin(QUICK);
        String second = house.start("1.2.0", QUICK);
        assertThat(state(second)).isEqualTo(RolloutState.QUEUED);
        assertThat(progress(second).reason()).contains(first);
        until(first, RolloutState.PROMOTED);
        assertThat(state(second)).isEqualTo(RolloutState.LOADING);
        until(second, RolloutState.PROMOTED);
        assertThat(house.rollouts.get(second).rollout().active().version())
                .as("it is compared with what serves when its turn comes")
                .hasToString("1.1.0");
    }

    @Test
    void what_waits_can_be_called_off() {
        String first = begin(QUICK);
        String second = house.start("1.2.0", QUICK);
        house.rollouts.abort(second, GatewayFixture.ADA, "not today");
        until(first, RolloutState.PROMOTED);
        assertThat(state(second)).isEqualTo(RolloutState.CANCELLED);
        assertThat(serving()).isEqualTo("1.1.0");
    }

    @Test
    void a_rollout_that_supersedes_starts_anew_and_returns_to_the_version_before_both() {
        String first = begin(QUICK);
        pass(2, 40);
        String second = house.rollouts
                .start(house.wish("1.2.0", QUICK, true, Optional.empty()))
                .rollout()
                .id();
        assertThat(state(first)).isEqualTo(RolloutState.SUPERSEDED);
        assertThat(ask(40)).as("until the new one is loaded").isEqualTo(Map.of("1.0.0", 40));
        house.tick(50);
        assertThat(share()).isEqualTo(5_000);
        assertThat(progress(second).lastTick()).isZero();
        house.runtime.failing.put("default/iris@1.2.0", 1.0);
        until(second, RolloutState.ROLLED_BACK);
        assertThat(serving()).isEqualTo("1.0.0");
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS))
                .extracting(one -> one.version().toString())
                .containsExactly("1.2.0");
    }

    @Test
    void the_endpoint_is_moved_by_nothing_else_meanwhile() {
        String id = begin(QUICK);
        for (String cause : new String[] {"flip", "put"}) {
            Move move = new Move(
                    cause,
                    Optional.of(ModelName.parse("iris")),
                    Optional.of(Selector.parse("1.2.0")),
                    OptionalLong.empty(),
                    false,
                    GatewayFixture.ADA,
                    "because");
            assertThat(problem(ProblemType.CONFLICT, () -> house.mover.move(GatewayFixture.IRIS, move))
                            .extra())
                    .containsEntry("rollout", id);
        }
        Move back = new Move(
                "rollback",
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false,
                GatewayFixture.ADA,
                "because");
        problem(ProblemType.CONFLICT, () -> house.mover.move(GatewayFixture.IRIS, back));
        house.rollouts.abort(id, GatewayFixture.ADA, "not today");
        house.serve("1.2.0");
        assertThat(serving()).isEqualTo("1.2.0");
    }

    @Test
    void a_candidate_that_serves_or_is_rolled_out_already_is_refused() {
        problem(ProblemType.CONFLICT, () -> house.start("1.0.0", QUICK));
        String id = begin(QUICK);
        assertThat(problem(ProblemType.CONFLICT, () -> house.start("1.1.0", QUICK))
                        .extra())
                .containsEntry("rollout", id);
    }

    @Test
    void an_idempotency_key_starts_one_rollout() {
        RolloutStart wish = house.wish("1.1.0", QUICK, false, Optional.of("key"));
        String id = house.rollouts.start(wish).rollout().id();
        assertThat(house.rollouts.start(wish).rollout().id()).isEqualTo(id);
        house.tick(50);
        until(id, RolloutState.PROMOTED);
        assertThat(house.rollouts.start(wish).rollout().id())
                .as("also when it is over")
                .isEqualTo(id);
        assertThat(problem(
                                ProblemType.REFUSED,
                                () -> house.rollouts.start(house.wish("1.2.0", QUICK, false, Optional.of("key"))))
                        .field())
                .contains("Idempotency-Key");
    }

    @Test
    void nobody_promotes_a_candidate_that_is_not_loaded() {
        begin(QUICK);
        house.runtime.slowLoads = true;
        house.crash();
        house.runtime.finishLoading();
        String id = house.rollouts
                .list(GatewayFixture.IRIS, Long.MAX_VALUE, 1)
                .items()
                .getFirst()
                .rollout()
                .id();
        problem(ProblemType.CONFLICT, () -> house.rollouts.promote(id, GatewayFixture.ADA, "I know it"));
        assertThat(serving()).isEqualTo("1.0.0");
        house.runtime.finishLoading();
        house.rollouts.promote(id, GatewayFixture.ADA, "I know it");
        assertThat(ask(20)).isEqualTo(Map.of("1.1.0", 20));
    }
}
