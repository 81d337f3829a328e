package io.modelward.gateway.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Sensitivity;
import io.modelward.core.rollout.OnHalt;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.RolloutWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says how many requests it takes to see harm of a given size. Most plans have the same limits, so each is computed
 * once.
 */
public final class SensitivityWords {

    private static final List<Double> HARMS = List.of(0.2, 0.1);
    private static final int REMEMBERED = 1000;
    private static final long SEED = 1;

    private record Question(Limit limit, double split, double harm) {}

    private final Map<Question, OptionalLong> answers = new ConcurrentHashMap<>();

    /** Sentences about the first step; may take some tenths of a second the first time. */
    public List<String> of(RolloutPlan plan) {
        double split = plan.weight(0) / 10_000.0;
        if (split >= 1) {
            return List.of("With all traffic on the candidate nothing is left to compare it with.");
        }
        List<String> words = new ArrayList<>();
        for (double harm : HARMS) {
            words.add("With " + RolloutWords.percent(split)
                    + " of the traffic and no errors in the active version, a candidate that fails "
                    + RolloutWords.percent(harm) + " of its requests is rolled back "
                    + after(plan.rollback(), split, harm)
                    + (plan.onHalt() == OnHalt.ROLLBACK ? " at the latest, and by the halt limit " : ", and held ")
                    + after(plan.halt(), split, harm) + ".");
        }
        return words;
    }

    private String after(Limit limit, double split, double harm) {
        if (answers.size() > REMEMBERED) {
            answers.clear();
        }
        OptionalLong requests = answers.computeIfAbsent(
                new Question(limit, split, harm),
                question -> new Sensitivity(limit, split, 0, new SplittableRandom(SEED)).candidateRequests(0, harm));
        return requests.isPresent()
                ? "after about " + requests.getAsLong() + " requests to it"
                : "never, since that is within the limit or too close to it";
    }
}
