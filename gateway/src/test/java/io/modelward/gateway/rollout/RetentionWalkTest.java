package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.retention.RetentionPlan.Verdict;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.retention.VersionFacts;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.registry.retention.RetentionParts;
import io.modelward.registry.retention.RetentionService;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of retention beside everything that refers to versions. */
class RetentionWalkTest {

    private static final ModelName MODEL = ModelName.parse("iris");
    private static final EndpointName OTHER = EndpointName.parse("other");
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final String PLAN =
            "{'steps':[50,100],'min_dwell':'1h','min_samples':1,'latency':false,'step_timeout':'2h'}";

    @TempDir
    Path directory;

    private GatewayFixture house;
    private RetentionParts retention;
    private Duration ahead = Duration.ZERO;

    /** What the walk itself knows; the server's tables are never asked for it. */
    private final Map<String, Instant> published = new HashMap<>();

    private final Set<String> deleted = new HashSet<>();
    private final Set<String> everServed = new HashSet<>();
    private final Set<String> held = new HashSet<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, Instant> undeletable = new HashMap<>();
    private RetentionRule rule = new RetentionRule(2, false, Duration.ofDays(20), List.of());

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    @BeforeEach
    void open() throws Exception {
        house = new GatewayFixture(directory, 7);
        retention = RetentionParts.of(
                new Access(Authorizer.EVERYONE),
                new RerunCatalog(house.catalog),
                this::now,
                Failpoints.NONE,
                WINDOW,
                List.of(),
                () -> {});
        publish("1.0.0");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void publish(String version) throws Exception {
        house.publish(version);
        // Registered by the clock of the server, which does not run ahead.
        published.put(version, Instant.now());
    }

    private Set<String> here() {
        return published.keySet().stream()
                .filter(version -> !deleted.contains(version))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> highestFirst(Set<String> versions) {
        return versions.stream()
                .sorted(Comparator.comparing(SemVer::parse).reversed())
                .toList();
    }

    /** What must go, by the words of the guide and nothing else. */
    private Set<String> mustGo() {
        Set<String> gone = new TreeSet<>();
        List<String> sorted = highestFirst(here());
        Map<Long, Integer> seen = new HashMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            String version = sorted.get(i);
            long group = rule.perMajor() ? SemVer.parse(version).major() : -1;
            int place = seen.merge(group, 1, Integer::sum);
            boolean kept = i == 0
                    || place <= rule.keepLast()
                    || published.get(version).isAfter(now().minus(rule.deleteAfter()))
                    || aliases.containsValue(version)
                    || held.contains(version)
                    || everServed.contains(version);
            if (!kept) {
                gone.add(version);
            }
        }
        return gone;
    }

    private String any(Random random, Set<String> of) {
        List<String> list = new ArrayList<>(of);
        return list.get(random.nextInt(list.size()));
    }

    private static Set<String> numbers(List<VersionFacts> facts) {
        return facts.stream().map(one -> one.version().toString()).collect(Collectors.toCollection(TreeSet::new));
    }

    private void act(Runnable action, Runnable done) {
        try {
            action.run();
        } catch (ProblemException refused) {
            assertThat(refused.problem().type().status()).isLessThan(500);
            return;
        }
        done.run();
    }

    private String step(Random random) throws Exception {
        String some = any(random, here());
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                SemVer top = SemVer.parse(highestFirst(published.keySet()).getFirst());
                String next = random.nextInt(6) == 0
                        ? SemVer.of(top.major() + 1, 0, 0).toString()
                        : SemVer.of(top.major(), top.minor() + 1, 0).toString();
                publish(next);
                return "publish " + next;
            }
            case 3 -> {
                String alias = "a" + random.nextInt(2);
                house.registry.aliases.set(
                        MODEL,
                        AliasName.parse(alias),
                        Selector.parse(some),
                        new Expectation.Any(),
                        GatewayFixture.ADA,
                        "");
                aliases.put(alias, some);
                return alias + " to " + some;
            }
            case 4 -> {
                EndpointName endpoint = random.nextBoolean() ? GatewayFixture.IRIS : OTHER;
                act(() -> house.serve(endpoint, some), () -> everServed.add(some));
                return "serve " + some;
            }
            case 5 -> {
                // A rollout refers to both, whether it ever gets to give the candidate traffic.
                act(() -> house.start(some, PLAN), () -> everServed.add(some));
                return "rollout of " + some;
            }
            case 6 -> {
                house.tick(200);
                return "tick";
            }
            case 7 -> {
                act(
                        () -> house.mover.move(
                                GatewayFixture.IRIS,
                                new Move(
                                        "rollback",
                                        Optional.empty(),
                                        Optional.empty(),
                                        java.util.OptionalLong.empty(),
                                        false,
                                        GatewayFixture.ADA,
                                        "because")),
                        () -> {});
                return "rollback";
            }
            case 8 -> {
                retention.service().hold(MODEL, SemVer.parse(some), GatewayFixture.ADA, "audit");
                held.add(some);
                return "hold " + some;
            }
            case 9 -> {
                if (!held.isEmpty()) {
                    String one = any(random, held);
                    retention.service().release(MODEL, SemVer.parse(one), GatewayFixture.ADA, "done");
                    held.remove(one);
                }
                return "release";
            }
            case 10, 11 -> {
                ahead = ahead.plusDays(random.nextInt(25));
                return "time passes";
            }
            case 12 -> {
                house.crash();
                return "crash";
            }
            case 13 -> {
                rule = new RetentionRule(
                        random.nextInt(4), random.nextBoolean(), Duration.ofDays(random.nextInt(40)), List.of());
                retention.rules().setOfModel(MODEL, rule, GatewayFixture.ADA, "");
                return "rule " + rule;
            }
            case 14 -> {
                undelete(random);
                return "undelete";
            }
            default -> {
                retention.purge().run();
                return "purge";
            }
        }
    }

    private void undelete(Random random) {
        if (deleted.isEmpty()) {
            return;
        }
        String one = any(random, deleted);
        try {
            house.registry.versionStates.undelete(MODEL, SemVer.parse(one), GatewayFixture.ADA, "");
            deleted.remove(one);
            undeletable.remove(one);
        } catch (ProblemException gone) {
            assertThat(gone.problem().type()).isEqualTo(ProblemType.CONFLICT);
            assertThat(undeletable.get(one)).as("given up before its time").isBeforeOrEqualTo(now());
        }
    }

    private void check(String words) {
        RetentionService.Preview preview = retention.service().preview(MODEL);
        Set<String> shown = numbers(preview.plan().deletions());
        assertThat(shown).as(words).isEqualTo(mustGo());
        for (Verdict verdict : preview.plan().verdicts()) {
            assertThat(verdict.goes()).isEqualTo(verdict.reasons().isEmpty());
        }
        Set<String> gone = numbers(retention
                .service()
                .run(MODEL, Optional.of(preview.plan().fingerprint()), true, GatewayFixture.ADA, "")
                .deleted());
        assertThat(gone).as("what the preview of %s said", words).isEqualTo(shown);
        gone.forEach(version -> undeletable.put(version, now().plus(WINDOW)));
        deleted.addAll(gone);
        Set<String> there = house.catalog.read(
                tx -> tx.versions().list(tx.models().find(MODEL).orElseThrow().id(), "", 10_000).stream()
                        .map(version -> version.version().toString())
                        .collect(Collectors.toSet()));
        assertThat(there).as("what is there after %s", words).isEqualTo(here());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void what_the_preview_says_is_what_the_run_does_and_what_was_live_never_goes(long seed) throws Exception {
        Random random = new Random(seed);
        retention.rules().setOfModel(MODEL, rule, GatewayFixture.ADA, "");
        house.serve("1.0.0");
        everServed.add("1.0.0");
        int gone = 0;
        for (int i = 0; i < 80; i++) {
            String words = seed + "/" + i + ": " + step(random);
            if (random.nextInt(3) == 0) {
                int before = deleted.size();
                check(words);
                gone += deleted.size() - before;
            }
        }
        assertThat(gone).as("the walk deletes something").isGreaterThan(5);
        assertThat(everServed)
                .as("the walk serves something")
                .hasSizeGreaterThan(3)
                .doesNotContainAnyElementsOf(deleted);
    }

    @Test
    void a_move_between_preview_and_run_keeps_the_version_and_a_deletion_before_a_move_refuses_it() throws Exception {
        for (int minor = 1; minor < 8; minor++) {
            publish("1." + minor + ".0");
        }
        ahead = Duration.ofDays(100);
        house.serve("1.0.0");
        retention
                .rules()
                .setOfModel(MODEL, new RetentionRule(1, false, Duration.ofDays(1), List.of()), GatewayFixture.ADA, "");
        String fingerprint = retention.service().preview(MODEL).plan().fingerprint();
        house.serve("1.1.0");
        assertThatThrownBy(() -> retention.service().run(MODEL, Optional.of(fingerprint), true, GatewayFixture.ADA, ""))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.PRECONDITION_FAILED));
        assertThatThrownBy(() -> retention.service().run(MODEL, Optional.empty(), false, GatewayFixture.ADA, ""))
                .hasMessageContaining("5 of the 8")
                .hasMessageContaining("more than half");
        // While the version loads, the rule deletes it.
        house.beforeWrite = () -> {
            house.beforeWrite = () -> {};
            assertThat(numbers(retention
                            .service()
                            .run(MODEL, Optional.empty(), true, GatewayFixture.ADA, "")
                            .deleted()))
                    .containsExactlyInAnyOrder("1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0");
        };
        assertThatThrownBy(() -> house.serve("1.2.0")).hasMessageContaining("cannot go to it");
        house.registry.versionStates.undelete(MODEL, SemVer.parse("1.2.0"), GatewayFixture.ADA, "");
        house.serve("1.2.0");
    }
}
