package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rollouts in sentences, with their numbers. */
public final class RolloutWords {

    private RolloutWords() {}

    static String entered(RolloutPlan plan, int step) {
        return "Step " + (step + 1) + " of " + plan.steps().size() + ": the candidate gets "
                + percent(plan.weight(step) / 10_000.0) + " of the requests.";
    }

    static String place(Rollout rollout) {
        return "step " + (rollout.progress().step() + 1) + " of "
                + rollout.plan().steps().size();
    }

    static String passed(Rollout rollout) {
        RolloutProgress progress = rollout.progress();
        return "%s passed after %s requests to the candidate and %s s, with no limit crossed."
                .formatted(
                        capital(place(rollout)),
                        progress.samples(),
                        String.format(Locale.ROOT, "%.1f", progress.dwellMillis() / 1000.0));
    }

    static String incident(Rollout rollout, FailureCounts lately, FailureCounts inAll) {
        String seen =
                "The active version itself fails " + percent(lately.active().rate()) + " of its requests (limit "
                        + percent(rollout.plan().incidentRate()) + "). Over the last seconds " + both(lately)
                        + "; since the rollout began " + both(inAll) + ". The split is frozen. ";
        return seen
                + (lately.candidate().rate() >= rollout.plan().incidentRate()
                        ? "Both versions fail, so the cause may lie outside of them, and nothing can be said of"
                                + " the candidate."
                        : "Resume it once, and it goes through all its steps while the candidate itself fails"
                                + " less than that limit;"
                                + " or promote it, and the candidate gets all requests now.");
    }

    /** Such as: the candidate failed 0 of 1,495, the active version all 1,512. */
    private static String both(FailureCounts failures) {
        return "the candidate failed "
                + failed(failures.candidate().bad(), failures.candidate().requests()) + ", the active version "
                + failed(failures.active().bad(), failures.active().requests());
    }

    private static String failed(long bad, long all) {
        return bad == all && all > 0
                ? String.format(Locale.ROOT, "all %,d", all)
                : String.format(Locale.ROOT, "%,d of %,d", bad, all);
    }

    static String inconclusive(Rollout rollout) {
        RolloutProgress progress = rollout.progress();
        return capital(place(rollout)) + " is undecided after "
                + Durations.write(rollout.plan().stepTimeout()) + ": "
                + progress.samples() + " of " + rollout.plan().minSamples() + " requests to the candidate, gate "
                + rollout.plan().gates().get(progress.step()).label() + ".";
    }

    /** What a crossing proves, and with which numbers. */
    public static String crossed(Rollout rollout, Crossing crossing) {
        Limit limit = crossing.limit();
        String what = crossing.guardrail() == Guardrail.ERRORS
                ? "failed"
                : "failed or took longer than "
                        + millis(rollout.progress().threshold().orElse(0)) + " on";
        String numbers = "%s %s %d of %d requests (%s), the active version %d of %d (%s)"
                .formatted(
                        rollout.candidate().version(),
                        what,
                        crossing.candidate().bad(),
                        crossing.candidate().requests(),
                        rate(crossing.candidate().bad(), crossing.candidate().requests()),
                        crossing.active().bad(),
                        crossing.active().requests(),
                        rate(crossing.active().bad(), crossing.active().requests()));
        double excess = rateOf(crossing.candidate().bad(), crossing.candidate().requests())
                - limit.margin().ratio()
                        * rateOf(crossing.active().bad(), crossing.active().requests());
        // The proof may rest on the requests since some tick: a version that fails late did well before.
        String when = excess > limit.margin().points() ? "" : " since some moment of the rollout";
        return numbers + ". That it is worse by more than " + margin(limit) + when + " is proven: the evidence is e^"
                + String.format(Locale.ROOT, "%.2f", crossing.logEvidence()) + ", the limit e^"
                + String.format(Locale.ROOT, "%.2f", limit.logThreshold()) + " (a false alarm has probability at most "
                + percent(limit.alpha()) + ").";
    }

    /** Which limits are in force. */
    public static List<String> limits(RolloutPlan plan) {
        List<String> words = new ArrayList<>();
        words.add("Rolls back when it is proven that the candidate's error rate exceeds the active version's by"
                + " more than "
                + margin(plan.rollback()) + " (probability of a false alarm at most "
                + percent(plan.rollback().alpha()) + ").");
        String act = plan.onHalt() == OnHalt.ROLLBACK ? "Rolls back" : "Holds, and tells people,";
        words.add(act + " when it is proven that its error rate exceeds the active version's by more than "
                + margin(plan.halt()) + " (at most " + percent(plan.halt().alpha()) + ").");
        plan.latency().ifPresent(latency -> {
            String slow = " when it is proven that its share of requests slower than "
                    + (latency.tolerance() == 0 ? "" : number(1 + latency.tolerance()) + " times ")
                    + "the active version's p" + Math.round(latency.quantile() * 100)
                    + (latency.slack().isZero() ? "" : ", and by more than " + Durations.write(latency.slack()) + ",")
                    + " exceeds the active version's by more than ";
            latency.rollback()
                    .ifPresent(limit -> words.add(
                            "Rolls back" + slow + margin(limit) + " (at most " + percent(limit.alpha()) + ")."));
            words.add(act + slow + margin(latency.halt()) + " (at most "
                    + percent(latency.halt().alpha()) + ").");
        });
        words.add("All together, a harmless candidate is rolled back with probability at most "
                + percent(plan.rollbackAlpha())
                + (plan.onHalt() == OnHalt.ROLLBACK
                        ? " (the sum over all limits, since a halt rolls back here)."
                        : ", and held with at most " + percent(plan.haltAlpha()) + "."));
        if (plan.holdback() == 0) {
            words.add("At 100 % nothing is held back for comparison, so nothing can be proven there.");
        }
        return words;
    }

    private static String margin(Limit limit) {
        String points =
                number(limit.margin().points() * 100) + (limit.margin().points() == 0.01 ? " point" : " points");
        return limit.margin().ratio() == 1
                ? points
                : points + " beyond " + number(limit.margin().ratio()) + " times that";
    }

    private static double rateOf(long bad, long all) {
        return all == 0 ? 0 : (double) bad / all;
    }

    private static String rate(long bad, long all) {
        return all == 0 ? "none" : percent((double) bad / all);
    }

    /** A fraction as a percentage with at most three significant digits. */
    public static String percent(double fraction) {
        return number(fraction * 100) + " %";
    }

    private static String number(double value) {
        String text = java.math.BigDecimal.valueOf(value)
                .round(new java.math.MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
        return text;
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
