package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.RouteRevision;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.route.EndpointSnapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What must hold after every step of {@link RolloutModelTest}, checked against what is kept and against books of its
 * own.
 */
final class RolloutInvariants {

    private final GatewayFixture house;
    private final Ledger ledger;
    final Set<RolloutState> seen = EnumSet.noneOf(RolloutState.class);
    private final List<String> started = new ArrayList<>();
    /** Time that passed on the monotonic clock since a rollout's newest revision, at most what may count as dwell. */
    private final Map<String, Long> sinceRevision = new HashMap<>();

    private final Map<String, Long> lastRevision = new HashMap<>();
    private final Map<String, Long> tickSums = new HashMap<>();
    private final Set<String> heldByPerson = new HashSet<>();
    private final Set<String> died = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    RolloutInvariants(GatewayFixture house, Ledger ledger) {
        this.house = house;
        this.ledger = ledger;
    }

    /** The rollout whose candidate gets traffic in this process. */
    Optional<String> serving() {
        EndpointSnapshot snapshot = Objects.requireNonNull(house.table.get("iris"));
        if (snapshot.trial().isEmpty()) {
            return Optional.empty();
        }
        return house.catalog.read(
                tx -> tx.rollouts().atWork("iris").map(row -> row.rollout().id()));
    }

    void passed(long millis) {
        sinceRevision.replaceAll((id, sum) -> sum + Math.min(1000, millis));
    }

    /** What a rollout had not written yet is lost with the process. */
    void died() {
        house.catalog
                .read(tx -> tx.rollouts().open())
                .forEach(row -> died.add(row.rollout().id()));
    }

    void stopped() {
        // A clean stop loses nothing, so nothing is noted.
    }

    String start(Random random, String plan) {
        String version = List.of("1.1.0", "1.2.0", "1.3.0").get(random.nextInt(3));
        Optional<String> key = random.nextInt(3) == 0 ? Optional.of("key" + random.nextInt(4)) : Optional.empty();
        boolean quarantined = !house.catalog
                .read(tx -> tx.rollouts().quarantines("iris").stream()
                        .filter(one -> one.version().toString().equals(version))
                        .toList())
                .isEmpty();
        Optional<RolloutRecord> sameKey =
                key.flatMap(value -> house.catalog.read(tx -> tx.rollouts().findByKey("iris", value)));
        try {
            RolloutStart wish = house.wish(version, plan, random.nextInt(5) == 0, key);
            String id = house.rollouts.start(wish).rollout().id();
            if (sameKey.isPresent()) {
                assertThat(id)
                        .as("I19: a key starts one rollout")
                        .isEqualTo(sameKey.get().rollout().id());
            } else {
                assertThat(quarantined).as("I18: quarantine prevents a start").isFalse();
                started.add(id);
            }
        } catch (ProblemException refused) {
            if (quarantined && random.nextInt(3) == 0) {
                house.rollouts.release(
                        GatewayFixture.IRIS,
                        io.modelward.core.version.SemVer.parse(version),
                        GatewayFixture.ADA,
                        "it was something else");
            }
        }
        return "a start of " + version;
    }

    String order(Random random) {
        List<RolloutRecord> open = house.catalog.read(tx -> tx.rollouts().open());
        if (open.isEmpty()) {
            return "nothing";
        }
        String id = open.get(random.nextInt(open.size())).rollout().id();
        int order = random.nextInt(8);
        try {
            switch (order) {
                case 0, 1 -> {
                    if (house.rollouts
                                    .hold(id, GatewayFixture.ADA, "wait")
                                    .rollout()
                                    .state()
                            == RolloutState.HELD) {
                        heldByPerson.add(id);
                    }
                }
                case 2, 3, 4, 5 -> {
                    heldByPerson.remove(id);
                    house.rollouts.resume(id, GatewayFixture.ADA, "go on");
                }
                case 6 -> {
                    heldByPerson.remove(id);
                    house.rollouts.promote(id, GatewayFixture.ADA, "I know it is good");
                }
                default -> {
                    heldByPerson.remove(id);
                    house.rollouts.abort(id, GatewayFixture.ADA, "enough");
                }
            }
        } catch (ProblemException elsewhere) {
            return "an order that came too late";
        }
        return "order " + order;
    }

    void check() {
        ledger.settle();
        assertThat(house.runtime.violations).as("I6").isEmpty();
        List<RouteRevision> revisions = house.catalog.read(tx -> tx.routes().allRevisions("iris"));
        checkRevisions(revisions);
        checkAudit(revisions);
        checkTable(revisions.getLast());
        long atWork = 0;
        for (String id : started) {
            RolloutRecord row = house.catalog.read(tx -> tx.rollouts().find(id)).orElseThrow();
            seen.add(row.rollout().state());
            atWork += row.rollout().state().atWork() ? 1 : 0;
            if (!ended.contains(id)) {
                checkRollout(row, revisions);
            }
            if (row.rollout().state().ended()) {
                ended.add(id);
            }
        }
        assertThat(atWork).as("I3").isLessThanOrEqualTo(1);
    }

    /** I1, I2, I4, I5. */
    private void checkRevisions(List<RouteRevision> revisions) {
        Map<String, Integer> weights = new HashMap<>();
        for (int i = 0; i < revisions.size(); i++) {
            RouteRevision row = revisions.get(i);
            assertThat(row.revision()).as("I2").isEqualTo(i + 1L);
            List<Arm> arms = row.arms();
            assertThat(arms.stream().mapToInt(Arm::weight).sum()).as("I1").isEqualTo(10_000);
            row.rolloutStep().ifPresent(in -> {
                int weight = arms.stream()
                        .filter(arm -> arm.role() == ArmRole.CANDIDATE)
                        .mapToInt(Arm::weight)
                        .sum();
                int before = weights.getOrDefault(in.rollout(), 0);
                if (weight > 0) {
                    assertThat(before).as("I5: fail-stop").isNotEqualTo(-1);
                    assertThat(row.cause()).as("I4").isIn("rollout.begin", "rollout.advance");
                }
                weights.put(in.rollout(), weight > 0 ? weight : -1);
            });
        }
    }

    /** I20, I16. */
    private void checkAudit(List<RouteRevision> revisions) {
        List<AuditEntry> entries =
                house.catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1_000_000, "endpoint:iris"));
        Map<Long, Integer> perRevision = new HashMap<>();
        for (AuditEntry entry : entries) {
            var revision = entry.detail().path("revision");
            if (revision.isNumber()) {
                perRevision.merge(revision.longValue(), 1, Integer::sum);
            }
            assertThat(entry.change().actor()).isNotBlank();
            if (entry.action().startsWith("rollout.")) {
                assertThat(entry.change().reason()).as("I16: " + entry.action()).isNotBlank();
            }
        }
        assertThat(perRevision)
                .as("I20")
                .hasSize(revisions.size())
                .allSatisfy((r, count) -> assertThat(count).isEqualTo(1));
    }

    /** What requests find is the current revision, at most with the candidate's traffic taken away. */
    private void checkTable(RouteRevision current) {
        EndpointSnapshot snapshot = Objects.requireNonNull(house.table.get("iris"));
        assertThat(snapshot.route().revision()).isEqualTo(current.revision());
        assertThat(snapshot.active().model().version().version())
                .isEqualTo(snapshot.route().active().version());
        snapshot.trial()
                .ifPresent(onTrial -> assertThat(onTrial.candidate(ArmId.CANDIDATE)
                                .model()
                                .running()
                                .info()
                                .state())
                        .as("I1: ready before it gets traffic")
                        .isEqualTo(io.modelward.runtime.ModelInfo.State.READY));
        if (house.catalog
                .read(tx -> tx.rollouts().atWork("iris"))
                .map(row -> row.rollout().state().serving())
                .orElse(false)) {
            assertThat(house.runtime.open())
                    .as("the active version stays loaded")
                    .contains(snapshot.active().model().version().reference());
        } else {
            assertThat(snapshot.trial()).isEmpty();
        }
    }

    private void checkRollout(RolloutRecord row, List<RouteRevision> revisions) {
        Rollout rollout = row.rollout();
        String id = rollout.id();
        List<ScoredTick> ticks = house.ticks(id);
        checkEvidence(row, ticks);
        long revision = rollout.progress().revision();
        long before = lastRevision.getOrDefault(id, 0L);
        if (revision != before) {
            checkAdvance(rollout, ticks, before, revisions);
            lastRevision.put(id, revision);
            sinceRevision.put(id, 0L);
        }
        if (rollout.state() == RolloutState.ROLLED_BACK) {
            RouteRevision last = revisions.stream()
                    .filter(one ->
                            one.rolloutStep().map(in -> in.rollout().equals(id)).orElse(false))
                    .reduce((a, b) -> b)
                    .orElseThrow();
            assertThat(last.arms().getFirst().version())
                    .as("I7")
                    .isEqualTo(rollout.active().version());
        }
        if (heldByPerson.contains(id)) {
            assertThat(rollout.state())
                    .as("I24: what a person held, only a person lets go on")
                    .isIn(RolloutState.HELD, RolloutState.ROLLED_BACK, RolloutState.ABORTING, RolloutState.SUPERSEDED);
        }
    }

    /** I4: an advance without a person came after enough time and traffic, by books of our own. */
    private void checkAdvance(Rollout rollout, List<ScoredTick> ticks, long before, List<RouteRevision> revisions) {
        boolean automatic = revisions.stream()
                .filter(row -> row.revision() == rollout.progress().revision())
                .anyMatch(row -> row.change().verified()
                        && (row.cause().equals("rollout.advance") || row.cause().equals("promote")));
        if (!automatic || before == 0) {
            return;
        }
        long samples = ticks.stream()
                .filter(tick -> tick.revision() == before)
                .mapToLong(tick -> requests(tick, ArmId.CANDIDATE))
                .sum();
        assertThat(samples)
                .as("I4, I15: least traffic")
                .isGreaterThanOrEqualTo(rollout.plan().minSamples());
        assertThat(sinceRevision.getOrDefault(rollout.id(), 0L))
                .as("I4, I12: least time by the monotonic clock")
                .isGreaterThanOrEqualTo(rollout.plan().minDwell().toMillis());
    }

    private static long requests(ScoredTick tick, ArmId arm) {
        return tick.counts(Guardrail.ERRORS, arm).requests();
    }

    /** I10, I11, I15. */
    private void checkEvidence(RolloutRecord row, List<ScoredTick> ticks) {
        String id = row.rollout().id();
        long sum = 0;
        long lastTick = 0;
        LimitMonitor replay =
                new LimitMonitor(row.rollout().plan(), row.rollout().progress().errorPrior());
        for (ScoredTick tick : ticks) {
            assertThat(tick.number())
                    .as("I11: ticks are counted once, in order")
                    .isGreaterThan(lastTick);
            lastTick = tick.number();
            sum += requests(tick, ArmId.CANDIDATE) + requests(tick, ArmId.ACTIVE);
            replay.add(tick);
        }
        long[] admitted = ledger.eligible.getOrDefault(id, new long[1]);
        assertThat(sum).as("I10: no more evidence than eligible requests").isLessThanOrEqualTo(admitted[0]);
        assertThat(sum).as("I11: evidence never shrinks").isGreaterThanOrEqualTo(tickSums.getOrDefault(id, 0L));
        tickSums.put(id, sum);
        row.rollout()
                .progress()
                .verdict()
                .ifPresent(verdict -> assertThat(verdict.rollback() ? replay.harm() : replay.divergence(Set.of()))
                        .as("I10: the verdict is a pure function of what is kept, bit for bit")
                        .contains(verdict));
        long newest = lastTick;
        house.rollouts.driver().find(id).ifPresent(view -> {
            if (view.rollout().progress().lastTick() == newest) {
                assertThat(view.readings()).as("I10").isEqualTo(replay.readings());
            }
        });
        if (ticks.stream().allMatch(tick -> requests(tick, ArmId.CANDIDATE) == 0)) {
            assertThat(replay.harm()).as("I15").isEmpty();
        }
    }

    /** I21: with traffic, nothing in the way and no harm it is promoted; with harm the candidate gets nothing. */
    void comeToRest(Random random) {
        house.runtime.slowLoads = false;
        house.runtime.hanging.clear();
        house.runtime.unloadable.clear();
        house.runtime.finishLoading();
        house.runtime.timeOut();
        boolean harmful = random.nextBoolean();
        for (String version : List.of("1.1.0", "1.2.0", "1.3.0")) {
            house.runtime.failing.put("default/iris@" + version, 0.0);
        }
        for (int round = 0;
                round < 400 && house.catalog.read(tx -> !tx.rollouts().open().isEmpty());
                round++) {
            house.catalog.read(tx -> tx.rollouts().atWork("iris")).ifPresent(row -> {
                if (harmful) {
                    house.runtime.failing.put(row.rollout().candidate().reference(), 1.0);
                    house.runtime.failing.put(row.rollout().active().reference(), 0.0);
                }
                if (row.rollout().state() == RolloutState.HELD) {
                    heldByPerson.remove(row.rollout().id());
                    try {
                        house.rollouts.resume(row.rollout().id(), GatewayFixture.ADA, "go on");
                    } catch (ProblemException harmCameFirst) {
                        assertThat(harmCameFirst.getMessage()).contains("ROLLED_BACK");
                    }
                }
            });
            Optional<String> current = serving();
            for (int i = 0; i < 60; i++) {
                ledger.request(current, Optional.empty(), Optional.empty(), true);
            }
            passed(200);
            house.tick(200);
            check();
        }
        List<RolloutRecord> open = house.catalog.read(tx -> tx.rollouts().open());
        assertThat(open).as("I21: everything comes to an end").isEmpty();
        ledger.settle();
        assertThat(ledger.waiting()).as("every request was answered").isZero();
        for (String id : started) {
            if (!died.contains(id)) {
                RolloutRecord row =
                        house.catalog.read(tx -> tx.rollouts().find(id)).orElseThrow();
                assertThat(row.rollout().state().ended()).isTrue();
            }
        }
    }
}
