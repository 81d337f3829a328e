package io.modelward.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.retention.KeepReason.Why;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.SemVer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant OLD = NOW.minus(Duration.ofDays(400));

    private final List<VersionFacts> versions = new ArrayList<>();

    private static VersionFacts facts(long id, String version, Instant at) {
        return new VersionFacts(id, SemVer.parse(version), at, 10, List.of(), List.of(), List.of(), List.of());
    }

    private static VersionFacts made(VersionFacts of, List<Long> parents) {
        return new VersionFacts(
                of.id(), of.version(), of.publishedAt(), of.bytes(), of.aliases(), of.tags(), of.always(), parents);
    }

    private static RetentionRule rule(int last, boolean perMajor, String... tags) {
        return new RetentionRule(
                last,
                perMajor,
                RetentionRule.DELETE_AFTER,
                List.of(tags).stream().map(KeptTag::parse).toList());
    }

    private RetentionPlan plan(RetentionRule rule) {
        return RetentionPlan.of(Optional.of(rule), versions, NOW);
    }

    private static List<String> gone(RetentionPlan plan) {
        return plan.deletions().stream().map(one -> one.version().toString()).toList();
    }

    private static List<Why> whys(RetentionPlan plan, String version) {
        return plan.verdicts().stream()
                .filter(one -> one.facts().version().toString().equals(version))
                .flatMap(one -> one.reasons().stream())
                .map(KeepReason::why)
                .toList();
    }

    @Test
    void the_last_are_counted_in_semver_order_of_all_or_of_each_major() {
        versions.add(facts(1, "1.9.0", OLD));
        versions.add(facts(2, "1.10.0", OLD));
        versions.add(facts(3, "2.0.0-rc.1", OLD));
        versions.add(facts(4, "2.0.0", OLD));
        // Published last, and yet the lowest.
        versions.add(facts(5, "1.2.0", OLD));
        assertThat(gone(plan(rule(2, false)))).containsExactly("1.10.0", "1.9.0", "1.2.0");
        assertThat(gone(plan(rule(1, true)))).containsExactly("2.0.0-rc.1", "1.9.0", "1.2.0");
        assertThat(gone(plan(rule(0, false)))).containsExactly("2.0.0-rc.1", "1.10.0", "1.9.0", "1.2.0");
        assertThat(whys(plan(rule(0, false)), "2.0.0")).containsExactly(Why.HIGHEST);
    }

    @Test
    void what_was_made_to_reproduce_a_version_takes_no_place_among_the_last() {
        versions.add(facts(1, "1.0.0", OLD));
        versions.add(facts(2, "1.1.0", OLD));
        for (int again = 3; again < 9; again++) {
            VersionFacts of = facts(again, "1.1.0-reproduced." + again, OLD);
            versions.add(
                    new VersionFacts(of.id(), of.version(), OLD, 10, List.of(), List.of(), List.of(), List.of(), true));
        }
        assertThat(gone(plan(rule(2, false)))).hasSize(6).allMatch(version -> version.contains("reproduced"));
    }

    @Test
    void a_version_goes_only_when_no_part_of_the_rule_keeps_it() {
        versions.add(facts(1, "1.0.0", NOW.minus(RetentionRule.DELETE_AFTER)));
        versions.add(facts(2, "1.1.0", NOW.minus(RetentionRule.DELETE_AFTER).plusMillis(1)));
        versions.add(new VersionFacts(
                3, SemVer.parse("1.2.0"), OLD, 10, List.of("champion"), List.of(), List.of(), List.of()));
        versions.add(new VersionFacts(
                4,
                SemVer.parse("1.3.0"),
                OLD,
                10,
                List.of(),
                List.of(new KeyValue("keep", "yes")),
                List.of(),
                List.of()));
        versions.add(facts(5, "1.4.0", OLD));
        assertThat(gone(plan(rule(0, false)))).containsExactly("1.3.0", "1.0.0");
        assertThat(gone(plan(rule(0, false, "keep")))).containsExactly("1.0.0");
        assertThat(gone(plan(rule(0, false, "keep=no")))).containsExactly("1.3.0", "1.0.0");
        assertThat(whys(plan(rule(0, false, "keep=yes")), "1.3.0")).containsExactly(Why.TAG);
        assertThat(whys(plan(rule(0, false)), "1.1.0")).containsExactly(Why.YOUNG);
        assertThat(gone(RetentionPlan.of(Optional.empty(), versions, NOW))).isEmpty();
    }

    @Test
    void what_stays_keeps_what_it_was_made_of_and_so_on() {
        versions.add(facts(1, "1.0.0", OLD));
        versions.add(made(facts(2, "1.1.0", OLD), List.of(1L)));
        versions.add(made(facts(3, "1.2.0", OLD), List.of(2L)));
        versions.add(facts(4, "1.3.0", OLD));
        versions.add(made(facts(5, "1.4.0", OLD), List.of(99L)));
        assertThat(gone(plan(rule(1, false)))).containsExactly("1.3.0", "1.2.0", "1.1.0", "1.0.0");
        versions.set(
                2,
                new VersionFacts(
                        3,
                        SemVer.parse("1.2.0"),
                        OLD,
                        10,
                        List.of(),
                        List.of(),
                        List.of(new KeepReason(Why.HELD, "by ada")),
                        List.of(2L)));
        assertThat(gone(plan(rule(1, false)))).containsExactly("1.3.0");
        assertThat(whys(plan(rule(1, false)), "1.0.0")).containsExactly(Why.PARENT);
    }

    @Test
    void a_plan_that_takes_most_or_all_that_may_go_needs_a_person() {
        for (int i = 0; i < 10; i++) {
            versions.add(facts(i + 1, "1." + i + ".0", OLD));
        }
        assertThat(plan(rule(5, false)).nearlyEverything()).isFalse();
        assertThat(plan(rule(4, false)).nearlyEverything()).isTrue();
        assertThat(plan(rule(10, false)).nearlyEverything()).isFalse();
        versions.replaceAll(one -> one.id() == 1
                ? one
                : new VersionFacts(
                        one.id(),
                        one.version(),
                        OLD,
                        10,
                        List.of(),
                        List.of(),
                        List.of(new KeepReason(Why.LIVE, "iris")),
                        List.of()));
        assertThat(gone(plan(rule(5, false)))).containsExactly("1.0.0");
        assertThat(plan(rule(5, false)).nearlyEverything()).isTrue();
    }

    @Test
    void the_fingerprint_tells_plans_apart_by_rule_and_deletions() {
        versions.add(facts(1, "1.0.0", OLD));
        versions.add(facts(2, "1.1.0", OLD));
        versions.add(facts(3, "1.2.0", OLD));
        String one = plan(rule(1, false)).fingerprint();
        assertThat(plan(rule(1, false)).fingerprint()).isEqualTo(one);
        assertThat(plan(rule(1, true)).fingerprint()).isNotEqualTo(one);
        versions.removeFirst();
        assertThat(plan(rule(1, false)).fingerprint()).isNotEqualTo(one);
    }

    @Test
    void a_rule_out_of_bounds_names_the_field() {
        assertThatThrownBy(() -> rule(-1, false)).hasMessageContaining("keep_last");
        assertThatThrownBy(() -> new RetentionRule(1, false, Duration.ofDays(36_501), List.of()))
                .hasMessageContaining("delete_after");
        assertThatThrownBy(() -> KeptTag.parse("=x")).hasMessageContaining("keep_tags");
        assertThatThrownBy(() -> RetentionScope.Namespace.parse("a/b")).hasMessageContaining("namespace");
        RetentionRule whole = new RetentionRule(
                0, true, Duration.ZERO, List.of(KeptTag.parse("a=b=c"), KeptTag.parse("ü"), KeptTag.parse("x=")));
        assertThat(RetentionRule.fromJson(whole.toJson())).isEqualTo(whole);
    }
}
