package io.modelward.core.evidence;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Requests drawn from a seed. */
final class Traffic {

    private final RandomGenerator random;

    Traffic(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    Tick tick(int requests, double split, double candidate, double active) {
        long ofCandidate = count(requests, split);
        long ofActive = requests - ofCandidate;
        return Tick.of(split, ofCandidate, count(ofCandidate, candidate), ofActive, count(ofActive, active));
    }

    private long count(long of, double chance) {
        if (chance >= 1) {
            return of;
        }
        // Jumps from hit to hit, for most requests are good.
        double step = Math.log1p(-chance);
        long hits = 0;
        long at = 0;
        while (chance > 0) {
            at += 1 + (long) Math.min(1e12, Math.log(1 - random.nextDouble()) / step);
            if (at > of) {
                return hits;
            }
            hits++;
        }
        return hits;
    }
}
