package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.Mover.Move;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Models are renamed, deleted and made anew while they serve: all who speak of a version give it one name, and what
 * serves stays.
 */
class LiveNamesTest extends LiveNames {

    @Test
    void whatever_is_renamed_deleted_and_made_anew_all_say_one_name_and_what_serves_stays() throws Exception {
        walk(1);
    }

    @Test
    @Tag("heavy")
    void over_many_walks_all_say_one_name_and_what_serves_stays() throws Exception {
        walk(10);
    }

    private void walk(int seeds) throws Exception {
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            for (int step = 0; step < 60; step++) {
                String when = "seed " + seed + ", step " + step;
                String endpoint = one(random, ENDPOINTS);
                List<Model> living =
                        models.stream().filter(model -> !model.deleted).toList();
                List<Version> candidates = all.values().stream()
                        .filter(this::there)
                        .sorted(java.util.Comparator.comparing(Version::number))
                        .toList();
                int act = random.nextInt(16);
                if (candidates.isEmpty() || act < 3) {
                    publishTo(one(random, NAMES));
                } else if (act < 5) {
                    serve(endpoint, one(random, candidates));
                } else if (act < 8) {
                    Model model = one(random, living);
                    String name = one(random, NAMES);
                    boolean taken = named(name).filter(other -> other != model).isPresent();
                    assertThat(rename(model, name).isPresent()).as(when).isEqualTo(taken);
                } else if (act == 8) {
                    delete(one(random, living), when);
                } else if (act == 9) {
                    delete(one(random, candidates), when);
                } else if (act == 10) {
                    restart();
                } else if (act == 11) {
                    refused(() -> mover.move(
                            EndpointName.parse(endpoint),
                            move("rollback", Optional.empty(), OptionalLong.empty(), false)));
                } else if (act < 14 && table.get(endpoint) != null) {
                    roll(endpoint, one(random, candidates));
                    ready();
                    rollouts.driver().tick();
                    ready();
                    rollouts.driver().tick();
                } else if (table.get(endpoint) != null) {
                    pass(endpoint, 6);
                }
                for (String other : ENDPOINTS) {
                    if (table.get(other) != null) {
                        check(other, when);
                    }
                }
                checkMetrics(when);
            }
        }
        assertThat(runtime.violations).isEmpty();
    }

    @Test
    void a_candidate_that_is_deleted_loses_its_traffic_and_its_rollout_says_why_in_every_state() throws Exception {
        for (RolloutState state : List.of(
                RolloutState.QUEUED,
                RolloutState.LOADING,
                RolloutState.RUNNING,
                RolloutState.HELD,
                RolloutState.BAKING)) {
            for (boolean whole : new boolean[] {false, true}) {
                String when = state + (whole ? ", model" : ", version");
                serve("a", publishTo("old" + all.size()));
                if (state == RolloutState.QUEUED) {
                    roll("a", publishTo("first" + all.size()));
                }
                Version candidate = publishTo("new" + all.size());
                assertThat(roll("a", candidate)).as(when).isEmpty();
                String id = rollouts.list(EndpointName.parse("a"), Long.MAX_VALUE, 1)
                        .items()
                        .getFirst()
                        .rollout()
                        .id();
                for (int i = 0; i < 100 && !reached(id, state); i++) {
                    pass("a", 1);
                    ready();
                }
                if (state == RolloutState.HELD) {
                    rollouts.hold(id, ADA, "wait");
                }
                assertThat(rollouts.get(id).rollout().state()).as(when).isEqualTo(state);
                if (whole) {
                    delete(candidate.model(), when);
                } else {
                    delete(candidate, when);
                }
                RolloutView ended = rollouts.get(id);
                assertThat(ended.rollout().state())
                        .as(when)
                        .isEqualTo(state.serving() ? RolloutState.ROLLED_BACK : RolloutState.CANCELLED);
                assertThat(ended.rollout().progress().reason()).as(when).contains("was deleted at");
                if (state != RolloutState.QUEUED) {
                    // A rollout that only waited had no traffic; the one before it may have its own by now.
                    assertThat(table.get("a").trial()).as(when).isEmpty();
                }
                assertThat(rollouts.quarantines(EndpointName.parse("a")))
                        .as(when)
                        .isEmpty();
                for (RolloutView open : rollouts.list(EndpointName.parse("a"), Long.MAX_VALUE, 100)
                        .items()) {
                    if (!open.rollout().state().ended()) {
                        rollouts.abort(open.rollout().id(), ADA, "done");
                    }
                }
                check("a", when);
            }
        }
    }

    @Test
    void an_endpoint_does_not_roll_back_to_a_version_that_was_deleted() throws Exception {
        Version old = publishTo("ant");
        serve("a", old);
        serve("a", publishTo("ant"));
        delete(old, "what is only kept to go back to");
        assertThat(pool.all()).hasSize(1);
        for (boolean restarted : new boolean[] {false, true}) {
            if (restarted) {
                restart();
            }
            Problem problem = problem(() -> mover.move(
                    EndpointName.parse("a"), move("rollback", Optional.empty(), OptionalLong.empty(), false)));
            assertThat(problem.type()).isEqualTo(ProblemType.CONFLICT);
            assertThat(problem.detail()).contains("default/ant@1.1.0 was deleted at", "Flip the endpoint");
            assertThat(pool.all()).hasSize(1);
        }
    }

    @Test
    void when_a_rename_has_returned_no_answer_has_the_old_name() throws Exception {
        Version version = publishTo("ant");
        serve("a", version);
        AtomicBoolean stop = new AtomicBoolean();
        Thread moves = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                Move again = move("flip", Optional.empty(), OptionalLong.empty(), false);
                refused(() -> mover.move(
                        EndpointName.parse("a"),
                        new Move(
                                again.cause(),
                                Optional.empty(),
                                Optional.of(Selector.parse(version.number())),
                                again.expectedRevision(),
                                false,
                                ADA,
                                "again")));
            }
        });
        for (int i = 0; i < 60; i++) {
            assertThat(rename(version.model(), i % 2 == 0 ? "bee" : "ant")).isEmpty();
            assertThat(predict("a").version().model().toString())
                    .as("rename %d", i)
                    .isEqualTo(name(version));
        }
        stop.set(true);
        moves.join();
        check("a", "at the end");
        checkMetrics("at the end");
    }
}
