package io.modelward.core.evidence;

import java.util.function.Function;

/** Something that stops a rollout. */
interface Rule {

    /** Whether the rollout is to stop after this tick. */
    boolean stops(Tick tick);

    /** The ways to decide that are compared, each for the same limit. */
    enum Kind {
        OURS("e-process", Rule::ours),
        FIXED("fixed threshold", limit -> new Pooled(limit, Pooled::overTheThreshold)),
        Z("pooled z-test", limit -> new Pooled(limit, Pooled::zTest)),
        SEQUENCE("asymptotic CS", limit -> new Pooled(limit, Pooled::confidenceSequence));

        final String label;
        // Each maker is a constructor.
        @SuppressWarnings("ImmutableEnumChecker")
        private final Function<Limit, Rule> maker;

        Kind(String label, Function<Limit, Rule> maker) {
            this.label = label;
            this.maker = maker;
        }

        Rule make(Limit limit) {
            return maker.apply(limit);
        }
    }

    static Rule ours(Limit limit) {
        LimitProcess process = new LimitProcess(limit, 0.01);
        return tick -> {
            process.add(tick);
            return process.verdict() == Verdict.HARM;
        };
    }

    /** The share of runs of a path that the rule stops, looking after every tick. */
    static double stopped(Kind kind, Limit limit, Path path, int runs, long seed) {
        int stopped = 0;
        for (int run = 0; run < runs; run++) {
            Rule rule = kind.make(limit);
            Traffic traffic = new Traffic(seed + run);
            boolean stops = false;
            for (int tick = 0; tick < path.ticks() && !stops; tick++) {
                stops = rule.stops(path.tick(tick, traffic, Path.REQUESTS));
            }
            stopped += stops ? 1 : 0;
        }
        return (double) stopped / runs;
    }

    /**
     * The candidate's requests from the given tick until the rule stops, on average over runs that it did not stop
     * before.
     */
    static double requests(Kind kind, Limit limit, Path path, int from, int size, int runs, long seed) {
        double sum = 0;
        int counted = 0;
        for (int run = 0; run < runs; run++) {
            Rule rule = kind.make(limit);
            Traffic traffic = new Traffic(seed + run);
            long requests = 0;
            boolean stops = false;
            int tick = 0;
            for (; tick < 100_000 && !stops; tick++) {
                Tick next = path.tick(tick, traffic, size);
                requests += tick < from ? 0 : next.candidate().requests();
                stops = rule.stops(next);
            }
            if (tick > from) {
                sum += requests;
                counted++;
            }
        }
        return sum / counted;
    }
}
