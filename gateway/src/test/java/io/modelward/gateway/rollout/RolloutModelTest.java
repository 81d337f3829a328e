package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.ArmRole;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drives the production state machine on a real catalog through random interleavings of requests, ticks, crashes,
 * restarts, operators, loads and failing writes, and checks after each what must always hold. A failure names its seed;
 * {@code -Dmodelward.seeds=N} runs more, from {@code -Dmodelward.seed=N} on.
 */
@Tag("simulation")
class RolloutModelTest {

    private static final int STEPS = 350;
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0");
    private static final String PLAN = "{'steps':[30,60,100],'min_dwell':'300ms','min_samples':10,'holdback':%d,"
            + "'step_timeout':'20s','evidence_deadline':'1s','latency':false,'on_halt':'%s','gate':['no-harm','%s','no-harm']}";

    /** All but ABORTING, which no one sees between two writes of one step. */
    private static final Set<RolloutState> REACHABLE = EnumSet.complementOf(EnumSet.of(RolloutState.ABORTING));

    @TempDir
    Path directory;

    /** By seed, so that no walk is made twice. */
    private static final Map<Long, Walk> WALKS = new ConcurrentHashMap<>();

    /** What a walk reached, once someone has asked. */
    private static final class Walk {

        private Optional<Set<RolloutState>> reached = Optional.empty();

        synchronized Set<RolloutState> reached(long seed, Path directory) throws Exception {
            if (reached.isEmpty()) {
                reached = Optional.of(walk(seed, directory));
            }
            return reached.get();
        }
    }

    static List<Long> seeds() {
        long base = Long.getLong("modelward.seed", 1);
        return java.util.stream.LongStream.range(0, Long.getLong("modelward.seeds", 10))
                .mapToObj(index -> base + index)
                .toList();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_happens_in_whatever_order_the_rules_hold(long seed) throws Exception {
        assertThat(reachedBy(seed)).isNotEmpty();
    }

    private Set<RolloutState> reachedBy(long seed) throws Exception {
        return WALKS.computeIfAbsent(seed, none -> new Walk()).reached(seed, directory);
    }

    private static Set<RolloutState> walk(long seed, Path directory) throws Exception {
        Random random = new Random(seed);
        try (GatewayFixture house = new GatewayFixture(Files.createDirectory(directory.resolve("walk" + seed)), seed)) {
            for (String version : VERSIONS) {
                house.publish(version);
            }
            house.serve("1.0.0");
            Ledger ledger = new Ledger(house);
            RolloutInvariants invariants = new RolloutInvariants(house, ledger);
            for (int step = 0; step < STEPS; step++) {
                String did = step(house, ledger, invariants, random);
                try {
                    invariants.check();
                } catch (AssertionError broken) {
                    throw new AssertionError("seed " + seed + ", step " + step + ", after " + did, broken);
                }
            }
            invariants.comeToRest(random);
            return invariants.seen;
        }
    }

    private static String step(GatewayFixture house, Ledger ledger, RolloutInvariants invariants, Random random) {
        Optional<String> current = invariants.serving();
        switch (random.nextInt(28)) {
            case 0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23 -> {
                int requests = 1 + random.nextInt(40);
                for (int i = 0; i < requests; i++) {
                    Optional<String> key =
                            random.nextInt(4) == 0 ? Optional.of("k" + random.nextInt(50)) : Optional.empty();
                    Optional<ArmRole> pinned = random.nextInt(15) == 0 ? Optional.of(ArmRole.ACTIVE) : Optional.empty();
                    ledger.request(current, key, pinned, random.nextInt(15) != 0);
                }
                return requests + " requests";
            }
            case 7, 8, 9, 10, 11, 12, 24, 25, 26, 27 -> {
                long millis = random.nextInt(10) == 0 ? 3000 : 50 + random.nextInt(300);
                house.wall += random.nextInt(20) == 0 ? (random.nextInt(3) - 1) * 86_400_000L : millis;
                invariants.passed(millis);
                house.tick(millis);
                return "a tick of " + millis + " ms";
            }
            case 13 -> {
                invariants.died();
                house.crash();
                return "a crash";
            }
            case 14 -> {
                house.restart();
                invariants.stopped();
                return "a restart";
            }
            case 15 -> {
                return invariants.start(
                        random,
                        PLAN.formatted(
                                random.nextInt(2),
                                random.nextInt(3) == 0 ? "rollback" : "hold",
                                random.nextInt(3) == 0 ? "approval" : "no-harm"));
            }
            case 16 -> {
                return invariants.order(random);
            }
            case 17 -> {
                String reference = "default/iris@" + VERSIONS.get(1 + random.nextInt(3));
                house.runtime.failing.put(
                        reference, List.of(0.0, 0.0, 0.0, 0.02, 0.3, 1.0).get(random.nextInt(6)));
                return "another error rate";
            }
            case 18 -> {
                String reference = "default/iris@" + VERSIONS.get(1 + random.nextInt(3));
                house.runtime.slowLoads = random.nextInt(3) == 0;
                if (random.nextInt(4) == 0) {
                    house.runtime.unloadable.add(reference);
                } else {
                    house.runtime.unloadable.remove(reference);
                }
                house.runtime.finishLoading();
                if (random.nextInt(6) == 0) {
                    house.runtime.hanging.add(reference);
                } else {
                    house.runtime.hanging.clear();
                    house.runtime.timeOut();
                    ledger.settle();
                }
                return "other loads";
            }
            default -> {
                house.failpoints = point -> {
                    if (point.startsWith("rollout.before")) {
                        throw new UncheckedIOException(new java.io.IOException("the disk says no"));
                    }
                };
                house.tick(200);
                invariants.passed(200);
                house.failpoints = io.modelward.store.failpoint.Failpoints.NONE;
                return "a write that fails";
            }
        }
    }

    /** What the random walks are meant to reach; walks that never get there test nothing. */
    @Test
    void every_state_is_reached_by_some_walk() throws Exception {
        Set<RolloutState> reached = EnumSet.noneOf(RolloutState.class);
        for (Long seed : seeds()) {
            reached.addAll(reachedBy(seed));
            if (reached.containsAll(REACHABLE)) {
                return;
            }
        }
        assertThat(reached).containsAll(REACHABLE);
    }
}
