package io.modelward.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.ArmId;
import io.modelward.gateway.evidence.TrafficSplit.OutcomeListener;
import io.modelward.gateway.evidence.TrafficSplit.Share;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitTest {

    private static final int KEYS = 20_000;

    private final EvidenceCollector evidence = new EvidenceCollector("r-1", 1, 0, new Random(1));

    private TrafficSplit split(int weight) {
        return evidence.prepare(1, List.of(new Share(ArmId.CANDIDATE, weight)));
    }

    private static boolean drawn(TrafficSplit split, String key) {
        return split.arm(split.assign(Optional.of(key), true)).equals(ArmId.CANDIDATE);
    }

    /** I22. */
    @Test
    void raising_the_weight_never_moves_a_key_back_to_the_active_version() {
        Set<String> before = new HashSet<>();
        for (int weight = 0; weight <= 10_000; weight += weight < 100 ? 1 : 150) {
            TrafficSplit split = split(weight);
            Set<String> now = new HashSet<>();
            for (int key = 0; key < 4_000; key++) {
                if (drawn(split, "user" + key)) {
                    now.add("user" + key);
                }
            }
            assertThat(now.containsAll(before)).as("weight " + weight).isTrue();
            before = now;
        }
        assertThat(before).hasSizeGreaterThan(3_900);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 500, 2_500, 5_000, 9_900, 10_000})
    void keys_and_requests_without_a_key_are_drawn_with_the_weight(int weight) {
        TrafficSplit split = split(weight);
        double share = weight / 10_000.0;
        // Six standard deviations: a right draw fails one time in a billion.
        double tolerance = 6 * Math.sqrt(KEYS * share * (1 - share));
        long byKey = 0;
        long byChance = 0;
        for (int i = 0; i < KEYS; i++) {
            byKey += drawn(split, "key" + i) ? 1 : 0;
            byChance += split.arm(split.assign(Optional.empty(), true)).equals(ArmId.CANDIDATE) ? 1 : 0;
        }
        assertThat((double) byKey).isBetween(KEYS * share - tolerance, KEYS * share + tolerance);
        assertThat((double) byChance).isBetween(KEYS * share - tolerance, KEYS * share + tolerance);
    }

    @Test
    void another_rollout_draws_other_keys() {
        TrafficSplit other = new EvidenceCollector("r-2", 1, 0, new Random(1))
                .prepare(1, List.of(new Share(ArmId.CANDIDATE, 5_000)));
        TrafficSplit split = split(5_000);
        long same = 0;
        for (int i = 0; i < KEYS; i++) {
            same += drawn(split, "key" + i) == drawn(other, "key" + i) ? 1 : 0;
        }
        assertThat(same / (double) KEYS).isBetween(0.47, 0.53);
    }

    @Test
    void only_the_first_request_of_a_key_is_evidence_whatever_split_draws_it() {
        assertThat(split(500).assign(Optional.of("ada"), true).eligible()).isTrue();
        assertThat(split(500).assign(Optional.of("ada"), true).eligible()).isFalse();
        assertThat(split(2_500).assign(Optional.of("ada"), true).eligible()).isFalse();
        assertThat(split(2_500).assign(Optional.of("bob"), true).eligible()).isTrue();
    }

    @Test
    void a_key_that_was_scored_before_a_restart_is_no_evidence_again() {
        TrafficSplit split = split(5_000);
        evidence.switchTo(split, 0);
        for (String key : List.of("ada", "bob")) {
            OutcomeListener outcome = split.admit(split.assign(Optional.of(key), true), ArmId.ACTIVE);
            assertThat(outcome).isNotNull();
            outcome.tell(true, 1);
        }
        EvidenceCollector restarted = new EvidenceCollector("r-1", 1, 1, new Random(1));
        evidence.turn(EvidenceCollector.TICK_NANOS).forEach(scored -> restarted.restoreKeys(scored.keys()));
        TrafficSplit next = restarted.prepare(2, List.of(new Share(ArmId.CANDIDATE, 5_000)));
        assertThat(next.assign(Optional.of("ada"), true).eligible()).isFalse();
        assertThat(next.assign(Optional.of("bob"), true).eligible()).isFalse();
        assertThat(next.assign(Optional.of("eve"), true).eligible()).isTrue();
    }

    @Test
    void a_request_that_does_not_count_does_not_use_up_its_key() {
        TrafficSplit split = split(5_000);
        assertThat(split.assign(Optional.of("ada"), false).eligible()).isFalse();
        assertThat(split.assign(Optional.empty(), false).eligible()).isFalse();
        assertThat(split.assign(Optional.of("ada"), true).eligible()).isTrue();
    }

    @Test
    void a_request_that_is_no_evidence_is_admitted_and_ignored() {
        TrafficSplit split = split(5_000);
        evidence.switchTo(split, 0);
        OutcomeListener outcome = split.admit(split.assign(Optional.empty(), false), ArmId.CANDIDATE);
        assertThat(outcome).isSameAs(OutcomeListener.IGNORED);
        outcome.tell(false, 1);
        assertThat(evidence.turn(EvidenceCollector.TICK_NANOS)).isEmpty();
    }
}
