package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.route.RolloutStep;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with rollouts and their evidence. */
public abstract class RolloutsSuite {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 123_456_000);
    private static final Change CHANGE = new Change(TIME, "ada", true, "because");
    private static final byte[] NO_KEYS = {};

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    protected Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
        write(tx -> {
            tx.routes().insertEndpoint("iris", TIME);
            tx.routes().insertEndpoint("other", TIME);
        });
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private void write(Consumer<CatalogTransaction> unit) {
        catalog.write(tx -> {
            unit.accept(tx);
            return true;
        });
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static VersionRef subject(String version) {
        return new VersionRef(new ModelId(1), ModelName.parse("iris"), SemVer.parse(version), digest(version));
    }

    private static Rollout rollout(String id, String endpoint, RolloutState state) {
        return new Rollout(
                id,
                endpoint,
                subject("1.1.0"),
                subject("1.0.0"),
                PlanReader.read(Json.object()),
                RolloutProgress.first(state, "why " + id));
    }

    private RolloutRecord insert(String id, RolloutState state) {
        return catalog.write(tx -> tx.rollouts().insert(rollout(id, "iris", state), Optional.empty(), "{}", CHANGE));
    }

    private RolloutRecord find(String id) {
        return catalog.read(tx -> tx.rollouts().find(id)).orElseThrow();
    }

    private List<ScoredTick> ticks(String id) {
        List<ScoredTick> ticks = new ArrayList<>();
        catalog.read(tx -> {
            tx.rollouts().forEachTick(id, 0, Long.MAX_VALUE, ticks::add);
            return true;
        });
        return ticks;
    }

    private List<byte[]> keys(String id) {
        List<byte[]> keys = new ArrayList<>();
        catalog.read(tx -> {
            tx.rollouts().forEachKeys(id, keys::add);
            return true;
        });
        return keys;
    }

    private static ScoredTick tick(long number, double split, boolean latency) {
        Tick errors = Tick.of(split, 10, 3, 1_000_000_000_000L, number);
        return ScoredTick.of(
                number,
                number + 5,
                errors,
                latency ? Optional.of(Tick.of(split, 10, 4, 1_000_000_000_000L, 9)) : Optional.empty());
    }

    @Test
    void a_rollout_is_read_back_as_it_was_written_also_after_a_restart() {
        Rollout rollout = rollout("r1", "iris", RolloutState.LOADING);
        RolloutRecord row =
                catalog.write(tx -> tx.rollouts().insert(rollout, Optional.of("key"), "{ \"as\":  \"sent\" }", CHANGE));
        assertThat(row)
                .isEqualTo(new RolloutRecord(
                        rollout, 1, 1, true, Optional.of("key"), "{ \"as\":  \"sent\" }", TIME, CHANGE));
        catalog.close();
        catalog = open();
        assertThat(find("r1")).isEqualTo(row);
        Optional<RolloutRecord> none = catalog.read(tx -> tx.rollouts().find("r2"));
        assertThat(none).isEmpty();
    }

    @Test
    void rollouts_are_numbered_per_endpoint_and_listed_newest_first_page_by_page() {
        insert("r1", RolloutState.CANCELLED);
        insert("r2", RolloutState.QUEUED);
        write(tx -> tx.rollouts().insert(rollout("o1", "other", RolloutState.LOADING), Optional.empty(), "", CHANGE));
        insert("r3", RolloutState.LOADING);
        catalog.read(tx -> {
            assertThat(tx.rollouts().list("iris", Long.MAX_VALUE, 2))
                    .extracting(row -> row.rollout().id())
                    .containsExactly("r3", "r2");
            assertThat(tx.rollouts().list("iris", 2, 2))
                    .extracting(row -> row.rollout().id())
                    .containsExactly("r1");
            assertThat(tx.rollouts().list("other", Long.MAX_VALUE, 2))
                    .extracting(RolloutRecord::number)
                    .containsExactly(1L);
            assertThat(tx.rollouts().open())
                    .extracting(row -> row.rollout().id())
                    .containsExactly("r2", "r3", "o1");
            return true;
        });
    }

    @Test
    void the_one_at_work_and_the_one_that_waited_longest_are_found() {
        insert("r1", RolloutState.PROMOTED);
        insert("r2", RolloutState.HELD);
        insert("r3", RolloutState.QUEUED);
        insert("r4", RolloutState.QUEUED);
        catalog.read(tx -> {
            assertThat(tx.rollouts().atWork("iris").orElseThrow().rollout().id())
                    .isEqualTo("r2");
            assertThat(tx.rollouts().firstQueued("iris").orElseThrow().rollout().id())
                    .isEqualTo("r3");
            assertThat(tx.rollouts().atWork("other").isPresent()).isFalse();
            return true;
        });
    }

    @Test
    void at_most_one_rollout_of_an_endpoint_is_at_work() {
        RolloutRecord first = insert("r1", RolloutState.LOADING);
        assertThatThrownBy(() -> insert("r2", RolloutState.RUNNING)).isInstanceOf(RuntimeException.class);
        RolloutRecord queued = insert("r3", RolloutState.QUEUED);
        assertThatThrownBy(() -> write(tx ->
                        tx.rollouts().update(rollout("r3", "iris", RolloutState.LOADING), queued.version(), TIME)))
                .isInstanceOf(RuntimeException.class);
        write(tx -> {
            tx.rollouts().update(rollout("r1", "iris", RolloutState.PROMOTED), first.version(), TIME);
            tx.rollouts().update(rollout("r3", "iris", RolloutState.LOADING), queued.version(), TIME);
        });
        assertThat(find("r3").rollout().state()).isEqualTo(RolloutState.LOADING);
    }

    @Test
    void an_update_on_an_old_version_is_a_conflict_and_changes_nothing() {
        insert("r1", RolloutState.LOADING);
        Instant later = TIME.plusSeconds(9);
        Rollout running = rollout("r1", "iris", RolloutState.RUNNING);
        long version = catalog.write(tx -> tx.rollouts().update(running, 1, later));
        assertThat(version).isEqualTo(2);
        RolloutRecord kept = find("r1");
        assertThat(kept.updatedAt()).isEqualTo(later);
        assertThat(kept.rollout()).isEqualTo(running);
        assertThat(kept.started()).isEqualTo(CHANGE);
        assertThatThrownBy(() -> write(tx -> {
                    tx.rollouts().insertTick("r1", tick(1, 0.05, false), NO_KEYS);
                    tx.rollouts().update(rollout("r1", "iris", RolloutState.PROMOTED), 1, later);
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.CONFLICT));
        assertThat(find("r1")).isEqualTo(kept);
        assertThat(ticks("r1")).isEmpty();
    }

    @Test
    void a_rollout_is_attended_until_its_process_leaves_it() {
        assertThat(insert("r1", RolloutState.LOADING).attended()).isTrue();
        write(tx -> tx.rollouts().leave("r1"));
        assertThat(find("r1").attended()).isFalse();
        assertThat(find("r1").version()).isEqualTo(1);
        write(tx -> tx.rollouts().update(rollout("r1", "iris", RolloutState.RUNNING), 1, TIME));
        assertThat(find("r1").attended()).isTrue();
    }

    @Test
    void an_idempotency_key_stands_for_one_rollout_of_an_endpoint() {
        Optional<String> key = Optional.of("key");
        write(tx -> tx.rollouts().insert(rollout("r1", "iris", RolloutState.CANCELLED), key, "", CHANGE));
        assertThatThrownBy(() ->
                        write(tx -> tx.rollouts().insert(rollout("r2", "iris", RolloutState.LOADING), key, "", CHANGE)))
                .isInstanceOf(RuntimeException.class);
        write(tx -> tx.rollouts().insert(rollout("o1", "other", RolloutState.LOADING), key, "", CHANGE));
        insert("r3", RolloutState.QUEUED);
        insert("r4", RolloutState.QUEUED);
        catalog.read(tx -> {
            assertThat(tx.rollouts()
                            .findByKey("iris", "key")
                            .orElseThrow()
                            .rollout()
                            .id())
                    .isEqualTo("r1");
            assertThat(tx.rollouts()
                            .findByKey("other", "key")
                            .orElseThrow()
                            .rollout()
                            .id())
                    .isEqualTo("o1");
            assertThat(tx.rollouts().findByKey("iris", "none").isPresent()).isFalse();
            return true;
        });
    }

    @Test
    void ticks_come_back_in_order_with_the_same_doubles() {
        insert("r1", RolloutState.RUNNING);
        List<ScoredTick> written = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            int weight = number * 251 % 10_001;
            written.add(tick(number * 2L, (double) weight / 10_000, number % 3 != 0));
        }
        write(tx -> written.reversed().forEach(tick -> tx.rollouts().insertTick("r1", tick, NO_KEYS)));
        assertThat(ticks("r1")).isEqualTo(written);
        assertThat(ticks("r2")).isEmpty();
    }

    @Test
    void the_same_tick_twice_is_refused_and_changes_nothing() {
        insert("r1", RolloutState.RUNNING);
        write(tx -> tx.rollouts().insertTick("r1", tick(1, 0.05, true), NO_KEYS));
        assertThatThrownBy(() -> write(tx -> {
                    tx.rollouts().insertTick("r1", tick(2, 0.05, true), new byte[8]);
                    tx.rollouts().insertTick("r1", tick(1, 0.25, false), NO_KEYS);
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(ticks("r1")).containsExactly(tick(1, 0.05, true));
        assertThat(keys("r1")).isEmpty();
    }

    @Test
    void keys_come_back_in_the_order_of_their_ticks() {
        insert("r1", RolloutState.RUNNING);
        byte[] one = "8 bytes.".getBytes(StandardCharsets.US_ASCII);
        byte[] two = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, -128};
        write(tx -> {
            tx.rollouts().insertTick("r1", tick(3, 0.05, true), two);
            tx.rollouts().insertTick("r1", tick(1, 0.05, true), one);
            tx.rollouts().insertTick("r1", tick(2, 0.05, true), NO_KEYS);
        });
        assertThat(keys("r1")).containsExactly(one, two);
    }

    @Test
    void a_version_in_quarantine_is_found_until_it_is_released() {
        Quarantine first = new Quarantine(
                "iris", digest("a"), "r1", ModelName.parse("default/iris"), SemVer.parse("1.1.0"), TIME, "it failed");
        Quarantine second = new Quarantine(
                "iris",
                digest("b"),
                "r2",
                ModelName.parse("default/iris"),
                SemVer.parse("1.2.0"),
                TIME.plusSeconds(1),
                "it failed");
        write(tx -> {
            tx.rollouts().quarantine(first);
            tx.rollouts().quarantine(second);
        });
        catalog.read(tx -> {
            assertThat(tx.rollouts().quarantines("iris")).containsExactly(second, first);
            assertThat(tx.rollouts().quarantined("iris", digest("a"))).contains(first);
            assertThat(tx.rollouts().quarantined("other", digest("a"))).isEmpty();
            return true;
        });
        write(tx -> tx.rollouts().release("iris", digest("a"), TIME.plusSeconds(2)));
        List<Quarantine> left = catalog.read(tx -> tx.rollouts().quarantines("iris"));
        assertThat(left).containsExactly(second);
    }

    @Test
    void a_version_can_be_rolled_back_and_released_again_and_again() {
        for (int round = 1; round <= 3; round++) {
            String rollout = "r" + round;
            write(tx -> tx.rollouts()
                    .quarantine(new Quarantine(
                            "iris",
                            digest("a"),
                            rollout,
                            ModelName.parse("default/iris"),
                            SemVer.parse("1.1.0"),
                            TIME,
                            "it failed")));
            assertThat(catalog.read(tx -> tx.rollouts().quarantined("iris", digest("a")))
                            .orElseThrow()
                            .rollout())
                    .isEqualTo(rollout);
            write(tx -> tx.rollouts().release("iris", digest("a"), TIME));
            List<Quarantine> left = catalog.read(tx -> tx.rollouts().quarantines("iris"));
            assertThat(left).isEmpty();
        }
    }

    @Test
    void route_revisions_keep_the_rollout_and_step_that_made_them() {
        RouteRevision plain = RouteRevision.read("iris", 1, "create", "[]", "{}", false, Optional.empty(), CHANGE);
        RouteRevision inRollout = RouteRevision.read(
                "iris", 2, "rollout.begin", "[]", "{}", false, Optional.of(new RolloutStep("r1", 0)), CHANGE);
        write(tx -> {
            tx.routes().insertRevision(plain);
            tx.routes().insertRevision(inRollout);
        });
        List<RouteRevision> all = catalog.read(tx -> tx.routes().allRevisions("iris"));
        assertThat(all).containsExactly(plain, inRollout);
    }
}
