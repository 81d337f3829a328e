package io.modelward.core.retention;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.retention.KeepReason.Why;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rule does to the versions of one model: each stays for some reasons, or goes. The same facts, rule and time
 * give the same plan.
 *
 * @param rule empty: no rule is in force, and all versions stay
 * @param verdicts the highest version first
 */
public record RetentionPlan(Optional<RetentionRule> rule, List<Verdict> verdicts) {

    /**
     * What becomes of a version.
     *
     * @param reasons why it stays; none: it goes, or no rule is in force
     */
    public record Verdict(VersionFacts facts, List<KeepReason> reasons, boolean goes) {

        /** Whether no rule could take it away. */
        public boolean always() {
            return reasons.stream().anyMatch(reason -> reason.why().always());
        }
    }

    /**
     * Makes the plan.
     *
     * @param versions all versions of the model that are not deleted
     */
    public static RetentionPlan of(Optional<RetentionRule> rule, Collection<VersionFacts> versions, Instant now) {
        List<VersionFacts> sorted = versions.stream()
                .sorted(Comparator.comparing(VersionFacts::version)
                        .thenComparingLong(VersionFacts::id)
                        .reversed())
                .toList();
        Map<Long, List<KeepReason>> reasons = new HashMap<>();
        Map<Long, Integer> above = new HashMap<>();
        for (VersionFacts facts : sorted) {
            List<KeepReason> of = new ArrayList<>(facts.always());
            if (reasons.isEmpty()) {
                of.add(new KeepReason(Why.HIGHEST, ""));
            }
            long group = rule.map(RetentionRule::perMajor).orElse(false)
                    ? facts.version().major()
                    : 0;
            int place = facts.again() ? Integer.MAX_VALUE : above.merge(group, 1, Integer::sum);
            rule.ifPresent(one -> keep(one, facts, place, now, of));
            reasons.put(facts.id(), of);
        }
        if (rule.isPresent()) {
            keepParents(sorted, reasons);
        }
        return new RetentionPlan(
                rule,
                sorted.stream()
                        .map(facts -> {
                            List<KeepReason> of = List.copyOf(reasons.getOrDefault(facts.id(), List.of()));
                            return new Verdict(facts, of, rule.isPresent() && of.isEmpty());
                        })
                        .toList());
    }

    private static void keep(RetentionRule rule, VersionFacts facts, int place, Instant now, List<KeepReason> into) {
        if (place <= rule.keepLast()) {
            into.add(new KeepReason(Why.LAST, Integer.toString(rule.keepLast())));
        }
        if (facts.publishedAt().isAfter(now.minus(rule.deleteAfter()))) {
            into.add(new KeepReason(Why.YOUNG, ""));
        }
        facts.aliases().forEach(alias -> into.add(new KeepReason(Why.ALIAS, alias)));
        rule.keepTags().stream()
                .filter(tag -> facts.tags().stream().anyMatch(tag::matches))
                .forEach(tag -> into.add(new KeepReason(Why.TAG, tag.toString())));
    }

    /** What stays keeps what it was made of, and so on. */
    private static void keepParents(List<VersionFacts> versions, Map<Long, List<KeepReason>> reasons) {
        Map<Long, VersionFacts> byId = new HashMap<>();
        versions.forEach(facts -> byId.put(facts.id(), facts));
        Deque<VersionFacts> stay = new ArrayDeque<>();
        versions.stream()
                .filter(facts -> !reasons.getOrDefault(facts.id(), List.of()).isEmpty())
                .forEach(stay::add);
        while (!stay.isEmpty()) {
            VersionFacts child = stay.remove();
            for (long id : child.parents()) {
                VersionFacts parent = byId.get(id);
                List<KeepReason> of = reasons.get(id);
                if (parent != null && of != null && id != child.id()) {
                    if (of.isEmpty()) {
                        stay.add(parent);
                    }
                    of.add(new KeepReason(Why.PARENT, child.version().toString()));
                }
            }
        }
    }

    /** Those that go, the highest first. */
    public List<VersionFacts> deletions() {
        return verdicts.stream().filter(Verdict::goes).map(Verdict::facts).toList();
    }

    /** Bytes of the files of those that go; a file that several have counts with each. */
    public long bytes() {
        return deletions().stream().mapToLong(VersionFacts::bytes).sum();
    }

    /** Whether more than half of the versions go, or all that a rule may take away; a person must confirm it. */
    public boolean nearlyEverything() {
        long gone = deletions().size();
        long mayGo = verdicts.stream().filter(verdict -> !verdict.always()).count();
        return gone > 0 && (gone == mayGo || gone * 2 > verdicts.size());
    }

    /** The same for plans that delete the same versions by the same rule. */
    public String fingerprint() {
        StringBuilder text =
                new StringBuilder(rule.map(one -> Json.write(one.toJson())).orElse("none"));
        deletions().forEach(facts -> text.append('\n').append(facts.id()));
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }
}
