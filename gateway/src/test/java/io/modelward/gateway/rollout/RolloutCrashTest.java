package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.rollout.Hold;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rollouts through the end of their process and through writes that fail. */
class RolloutCrashTest extends RolloutFixture {

    @Test
    void a_crash_holds_the_rollout_with_its_split_and_its_evidence() {
        String id = begin(QUICK);
        pass(2, 40);
        List<LimitMonitor.Reading> readings = house.rollouts.get(id).readings();
        long tick = progress(id).lastTick();
        house.crash();
        assertHeld(id, Hold.RESTARTED);
        assertThat(house.rollouts.get(id).readings()).isEqualTo(readings);
        assertThat(progress(id).lastTick()).isEqualTo(tick);
        house.tick(50);
        assertThat(ask(100)).as("the split stays").containsOnlyKeys("1.0.0", "1.1.0");
        pass(10, 40);
        assertHeld(id, Hold.RESTARTED);
        house.rollouts.resume(id, GatewayFixture.ADA, "looks good");
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_clean_restart_goes_on_where_it_was() {
        String id = begin(QUICK);
        pass(2, 40);
        ask(40);
        long requests = progress(id).samples();
        house.restart();
        assertThat(state(id)).isEqualTo(RolloutState.RUNNING);
        assertThat(progress(id).samples())
                .as("what was counted when it stopped is kept")
                .isGreaterThan(requests);
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_crash_between_taking_the_traffic_away_and_the_commit_finds_it_held_and_the_next_harm_rolls_it_back() {
        String id = begin(QUICK);
        pass(1, 40);
        house.runtime.failing.put(CANDIDATE, 1.0);
        failAt("rollout.before-transition");
        pass(1, 40);
        assertThat(snapshot().trial()).isEmpty();
        house.failpoints = Failpoints.NONE;
        house.crash();
        assertHeld(id, Hold.RESTARTED);
        house.tick(50);
        assertThat(snapshot().trial()).isPresent();
        pass(1, 40);
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS)).hasSize(1);
    }

    @Test
    void a_commit_that_fails_leaves_the_candidate_without_traffic_and_is_tried_again() {
        String id = begin(QUICK);
        house.runtime.failing.put(CANDIDATE, 1.0);
        failAt("rollout.before-transition");
        pass(1, 40);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(40)).isEqualTo(Map.of("1.0.0", 40));
            house.tick(200);
            assertThat(state(id)).isEqualTo(RolloutState.RUNNING);
        }
        house.failpoints = Failpoints.NONE;
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(progress(id).withdrawnMicros()).isPresent();
    }

    @Test
    void evidence_that_cannot_be_written_is_written_with_the_next() {
        String id = begin(QUICK);
        failAt("rollout.before-evidence");
        pass(2, 40);
        house.failpoints = Failpoints.NONE;
        pass(1, 40);
        assertThat(house.ticks(id)).extracting(ScoredTick::number).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_candidate_that_cannot_be_loaded_any_more_after_a_restart_is_rolled_back() {
        String id = begin(QUICK);
        pass(1, 40);
        house.runtime.unloadable.add(CANDIDATE);
        house.restart();
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(ask(20)).isEqualTo(Map.of("1.0.0", 20));
    }

    @Test
    void what_waits_goes_on_after_a_crash_right_after_the_one_before_has_ended() {
        String first = begin(QUICK);
        String second = house.start("1.2.0", QUICK);
        failAt("rollout.after-transition");
        assertThatThrownBy(() -> house.rollouts.promote(first, GatewayFixture.ADA, "I know it"))
                .isInstanceOf(RuntimeException.class);
        house.failpoints = Failpoints.NONE;
        house.crash();
        assertThat(state(first)).isEqualTo(RolloutState.PROMOTED);
        assertThat(serving()).isEqualTo("1.1.0");
        until(second, RolloutState.PROMOTED);
        assertThat(house.rollouts.get(second).rollout().active().version()).hasToString("1.1.0");
    }

    @Test
    void a_start_that_is_kept_and_seemed_to_fail_is_driven_all_the_same() {
        house.afterWrite = () -> {
            throw new UncheckedIOException(new IOException("the connection is gone"));
        };
        assertThatThrownBy(() -> house.start("1.1.0", QUICK)).isInstanceOf(UncheckedIOException.class);
        house.afterWrite = () -> {};
        String id = house.rollouts
                .list(GatewayFixture.IRIS, Long.MAX_VALUE, 1)
                .items()
                .getFirst()
                .rollout()
                .id();
        assertThat(state(id)).isEqualTo(RolloutState.LOADING);
        house.tick(50);
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_start_that_supersedes_is_kept_and_seemed_to_fail_is_driven_instead_of_the_one_before() {
        String before = begin(QUICK);
        house.afterWrite = () -> {
            throw new UncheckedIOException(new IOException("the connection is gone"));
        };
        assertThatThrownBy(() -> house.rollouts.start(house.wish("1.2.0", QUICK, true, Optional.empty())))
                .isInstanceOf(UncheckedIOException.class);
        house.afterWrite = () -> {};
        pass(3, 40);
        assertThat(state(before)).isEqualTo(RolloutState.SUPERSEDED);
        String after = house.rollouts
                .list(GatewayFixture.IRIS, Long.MAX_VALUE, 1)
                .items()
                .getFirst()
                .rollout()
                .id();
        assertThat(after).isNotEqualTo(before);
        until(after, RolloutState.PROMOTED);
        assertThat(serving()).isEqualTo("1.2.0");
    }

    @Test
    void a_tick_that_fails_for_one_rollout_does_not_end_the_driver() {
        String id = house.start("1.1.0", QUICK);
        house.runtime.refusing = true;
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.LOADING);
        house.runtime.refusing = false;
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void an_abort_that_cannot_be_written_takes_the_traffic_away_all_the_same_and_is_written_when_it_can_be() {
        String id = begin(QUICK);
        failAt("rollout.before-transition");
        assertThatThrownBy(() -> house.rollouts.abort(id, GatewayFixture.ADA, "enough"))
                .isInstanceOf(RuntimeException.class);
        assertThat(ask(100)).containsOnlyKeys("1.0.0");
        house.tick(200);
        assertThat(ask(100)).containsOnlyKeys("1.0.0");
        house.failpoints = Failpoints.NONE;
        house.tick(50);
        assertThat(state(id)).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(house.rollouts.get(id).rollout().progress().reason()).contains("ada");
    }

    @Test
    void what_is_kept_wins_over_what_this_process_believes() {
        String id = begin(QUICK);
        pass(2, 40);
        house.catalog.write(tx -> {
            RolloutRecord row = tx.rollouts().find(id).orElseThrow();
            return tx.rollouts().update(row.rollout(), row.version(), row.updatedAt());
        });
        pass(1, 40);
        house.tick(50);
        assertHeld(id, Hold.RESTARTED);
        house.rollouts.resume(id, GatewayFixture.ADA, "go on");
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_rollout_that_must_be_read_again_while_the_catalog_cannot_be_read_is_still_driven() {
        String id = begin(QUICK);
        pass(2, 40);
        house.catalog.write(tx -> {
            RolloutRecord row = tx.rollouts().find(id).orElseThrow();
            return tx.rollouts().update(row.rollout(), row.version(), row.updatedAt());
        });
        house.unreadable = true;
        pass(1, 40);
        house.tick(500);
        assertThat(ask(100)).as("its traffic is away").containsOnlyKeys("1.0.0");
        house.unreadable = false;
        house.tick(200);
        house.tick(200);
        assertHeld(id, Hold.RESTARTED);
        house.rollouts.resume(id, GatewayFixture.ADA, "go on");
        until(id, RolloutState.PROMOTED);
    }

    @Test
    void a_rollout_that_cannot_be_read_at_a_start_stops_no_start_and_is_taken_over_later() {
        String id = begin(QUICK);
        AtomicInteger reads = new AtomicInteger();
        house.beforeRead = () -> {
            // The first read lists the rollouts.
            if (reads.incrementAndGet() == 2) {
                throw new UncheckedIOException(new IOException("the disk says no"));
            }
        };
        house.crash();
        assertThat(reads.get()).isGreaterThan(2);
        house.tick(50);
        assertThat(house.rollouts.driver().find(id)).isPresent();
        assertThat(serving()).isEqualTo("1.0.0");
    }
}
