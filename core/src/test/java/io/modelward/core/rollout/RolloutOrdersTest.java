package io.modelward.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RolloutOrdersTest {

    private static Optional<Transition> give(String order, Rollout rollout) {
        return switch (order) {
            case "hold" -> RolloutOrders.hold(rollout, "ada");
            case "resume" -> RolloutOrders.resume(rollout, "ada");
            case "promote" -> RolloutOrders.promote(rollout, "ada");
            default -> RolloutOrders.abort(rollout, "ada");
        };
    }

    /** HELD here is held for want of traffic. */
    private static Rollout in(RolloutState state) {
        return state == RolloutState.HELD
                ? Scenes.held(Scenes.in(RolloutState.RUNNING), Hold.NO_TRAFFIC)
                : Scenes.in(state);
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(textBlock = """
            hold,    QUEUED,      conflict
            hold,    LOADING,     conflict
            hold,    RUNNING,     HELD
            hold,    HELD,        HELD
            hold,    BAKING,      HELD
            hold,    PROMOTED,    conflict
            hold,    ABORTING,    conflict
            hold,    ROLLED_BACK, conflict
            hold,    LOAD_FAILED, conflict
            hold,    SUPERSEDED,  conflict
            hold,    CANCELLED,   conflict
            resume,  QUEUED,      conflict
            resume,  LOADING,     conflict
            resume,  RUNNING,     nothing
            resume,  HELD,        RUNNING
            resume,  BAKING,      nothing
            resume,  PROMOTED,    conflict
            resume,  ABORTING,    conflict
            resume,  ROLLED_BACK, conflict
            resume,  LOAD_FAILED, conflict
            resume,  SUPERSEDED,  conflict
            resume,  CANCELLED,   conflict
            promote, QUEUED,      conflict
            promote, LOADING,     conflict
            promote, RUNNING,     PROMOTED
            promote, HELD,        PROMOTED
            promote, BAKING,      PROMOTED
            promote, PROMOTED,    nothing
            promote, ABORTING,    conflict
            promote, ROLLED_BACK, conflict
            promote, LOAD_FAILED, conflict
            promote, SUPERSEDED,  conflict
            promote, CANCELLED,   conflict
            abort,   QUEUED,      CANCELLED
            abort,   LOADING,     CANCELLED
            abort,   RUNNING,     ABORTING
            abort,   HELD,        ABORTING
            abort,   BAKING,      ABORTING
            abort,   PROMOTED,    conflict
            abort,   ABORTING,    nothing
            abort,   ROLLED_BACK, nothing
            abort,   LOAD_FAILED, conflict
            abort,   SUPERSEDED,  conflict
            abort,   CANCELLED,   nothing
            """)
    void an_order_does_one_thing_in_each_state_and_once(String order, RolloutState state, String expected) {
        Rollout rollout = in(state);
        if (expected.equals("conflict")) {
            assertThatThrownBy(() -> give(order, rollout)).isInstanceOfSatisfying(ProblemException.class, refused -> {
                assertThat(refused.problem().type()).isEqualTo(ProblemType.CONFLICT);
                assertThat(refused.problem().detail()).contains(state.name());
                assertThat(refused.problem().extra()).containsEntry("state", state.name());
            });
        } else if (expected.equals("nothing")) {
            assertThat(give(order, rollout)).isEqualTo(Optional.empty());
        } else {
            Rollout ordered = give(order, rollout).orElseThrow().rollout();
            assertThat(ordered.state()).isEqualTo(RolloutState.valueOf(expected));
            assertThat(ordered.progress().hold().isPresent()).isEqualTo(ordered.state() == RolloutState.HELD);
            assertThat(ordered.progress().reason()).contains("ada");
            assertThat(give(order, ordered)).as("once more").isEqualTo(Optional.empty());
        }
    }

    @Test
    void an_order_to_hold_makes_what_was_held_by_itself_a_persons_matter() {
        Rollout held =
                RolloutOrders.hold(in(RolloutState.HELD), "ada").orElseThrow().rollout();
        assertThat(held.progress().hold()).contains(Hold.MANUAL);
        assertThat(StepStrategy.INSTANCE.next(Scenes.after(held, 0, 1000), Scenes.CALM))
                .isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void only_resuming_from_a_halt_acknowledges_its_guardrail(Hold why) {
        RolloutProgress resumed = RolloutOrders.resume(Scenes.held(Scenes.running(""), why), "ada")
                .orElseThrow()
                .rollout()
                .progress();
        switch (why) {
            case ERRORS -> assertThat(resumed.acknowledged()).containsExactly(Guardrail.ERRORS);
            case LATENCY -> assertThat(resumed.acknowledged()).containsExactly(Guardrail.LATENCY);
            default -> assertThat(resumed.acknowledged()).isEmpty();
        }
        assertThat(resumed.approved()).isEqualTo(why == Hold.APPROVAL ? 0 : -1);
        assertThat(resumed.reason()).contains(why.label());
    }

    @Test
    void resuming_in_the_last_step_bakes_on() {
        Rollout held = Scenes.held(Scenes.baking(""), Hold.MANUAL);
        assertThat(RolloutOrders.resume(held, "ada").orElseThrow().rollout().state())
                .isEqualTo(RolloutState.BAKING);
    }

    @Test
    void orders_move_the_traffic_as_their_words_say() {
        Rollout running = in(RolloutState.RUNNING);
        assertThat(give("promote", running).orElseThrow().route()).contains(Traffic.ALL);
        assertThat(give("abort", running).orElseThrow().route()).contains(Traffic.NONE);
        assertThat(give("hold", running).orElseThrow().route()).isEmpty();
        assertThat(give("resume", in(RolloutState.HELD)).orElseThrow().route()).isEmpty();
        assertThat(give("abort", in(RolloutState.LOADING)).orElseThrow().route())
                .isEmpty();
    }

    @Test
    void a_rollout_that_gives_way_loses_the_traffic_it_had() {
        Transition gone = RolloutOrders.supersede(in(RolloutState.RUNNING), "r-2");
        assertThat(gone.rollout().state()).isEqualTo(RolloutState.SUPERSEDED);
        assertThat(gone.route()).contains(Traffic.NONE);
        assertThat(gone.rollout().progress().reason()).contains("r-2");
        assertThat(RolloutOrders.supersede(in(RolloutState.LOADING), "r-2").route())
                .isEmpty();
    }
}
