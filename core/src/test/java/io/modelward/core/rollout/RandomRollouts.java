package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Rollouts of every possible form, from a seed. */
final class RandomRollouts {

    private final Random random;

    RandomRollouts(long seed) {
        random = new Random(seed);
    }

    Rollout rollout() {
        return new Rollout(
                "r-" + random.nextLong(), "iris", Scenes.subject("1.1.0"), Scenes.subject("1.0.0"), plan(), progress());
    }

    RolloutPlan plan() {
        boolean blueGreen = random.nextInt(5) == 0;
        int holdback = random.nextInt(5001);
        List<Integer> steps = blueGreen
                ? List.of(10_000)
                : Stream.concat(
                                random.ints(1 + random.nextInt(10), 1, 10_001 - holdback)
                                        .filter(step -> step < 10_000)
                                        .distinct()
                                        .sorted()
                                        .boxed(),
                                Stream.of(10_000))
                        .toList();
        return new RolloutPlan(
                blueGreen ? StrategyKind.BLUE_GREEN : StrategyKind.CANARY,
                steps,
                duration(),
                random.nextInt(1_000_000),
                steps.stream().map(step -> one(Gate.values())).toList(),
                duration(),
                holdback,
                limit(),
                limit(),
                maybe() ? Optional.of(guard()) : Optional.empty(),
                one(OnHalt.values()),
                one(OnInconclusive.values()),
                limit(),
                duration().plusMillis(1),
                Duration.ofMillis(10 + random.nextInt(59_000)),
                0.001 + random.nextDouble() * 0.9);
    }

    private LatencyGuard guard() {
        return new LatencyGuard(
                List.of(0.5, 0.95, 0.99).get(random.nextInt(3)),
                random.nextDouble() * 10,
                Duration.ofMillis(random.nextInt(60_000)),
                limit(),
                maybe() ? Optional.of(limit()) : Optional.empty());
    }

    private Limit limit() {
        return new Limit(
                new Margin(0.01 + random.nextDouble() * 99, random.nextDouble() * 0.98),
                1e-12 + random.nextDouble() * 0.49);
    }

    private Duration duration() {
        return Duration.ofMillis(maybe() ? random.nextInt(1_000_000) : random.nextInt(1000) * 60_000L);
    }

    RolloutProgress progress() {
        Set<Guardrail> acknowledged = EnumSet.noneOf(Guardrail.class);
        for (Guardrail guardrail : Guardrail.values()) {
            if (maybe()) {
                acknowledged.add(guardrail);
            }
        }
        return new RolloutProgress(
                one(RolloutState.values()),
                random.nextInt(50),
                maybe() ? Optional.of(one(Hold.values())) : Optional.empty(),
                "weil „es“ \"so\" ist\n" + random.nextInt(),
                whole(),
                whole(),
                whole(),
                whole(),
                whole(),
                whole(),
                random.nextDouble(),
                maybe() ? OptionalLong.of(whole()) : OptionalLong.empty(),
                acknowledged,
                random.nextInt(50) - 1,
                maybe(),
                maybe() ? Optional.of(crossing()) : Optional.empty(),
                maybe() ? OptionalLong.of(whole()) : OptionalLong.empty());
    }

    private Crossing crossing() {
        return new Crossing(
                one(Guardrail.values()),
                maybe(),
                limit(),
                whole(),
                random.nextGaussian() * 100,
                new ArmCounts(whole(), whole()),
                new ArmCounts(whole(), whole()));
    }

    private long whole() {
        return random.nextLong() >>> random.nextInt(1, 63);
    }

    private boolean maybe() {
        return random.nextBoolean();
    }

    private <E> E one(E[] all) {
        return all[random.nextInt(all.length)];
    }
}
