package io.modelward.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how often each rule stops good canaries, how soon it stops bad ones, and what a tick of evidence costs.
 * Argument: runs per path.
 */
public final class EvidenceBench {

    private static final long SEED = 1;
    private static final double ALPHA = 0.01;
    private static final int TICKS = 2_000;
    private static final Margin NONE = new Margin(1, 0);
    private static final Margin FIVE_POINTS = new Margin(1, 0.05);

    private EvidenceBench() {}

    public static void main(String[] arguments) {
        int runs = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
        System.out.printf(
                "%d runs per path, seeds from %d, alpha %.2f, looked at after every tick%n%n", runs, SEED, ALPHA);
        heading("good canaries stopped, %");
        falseAlarms(NONE, runs);
        falseAlarms(FIVE_POINTS, runs);
        System.out.println();
        heading("canary requests until stopped");
        harm("1 % to 5 %", NONE, 0, 0.05, runs);
        harm("1 % to 20 %", NONE, 0, 0.20, runs);
        harm("outage", NONE, 0, 1, runs);
        harm("1 % to 20 %", FIVE_POINTS, 0, 0.20, runs);
        harm("1 % to 20 % after 10 000 good", NONE, 2_000, 0.20, Math.max(1, runs / 10));
        System.out.println();
        System.out.printf(Locale.ROOT, "evidence per tick, margin 0: %.2f µs%n", cost(NONE));
        System.out.printf(Locale.ROOT, "evidence per tick, 5 points: %.2f µs%n", cost(FIVE_POINTS));
    }

    private static void falseAlarms(Margin margin, int runs) {
        for (Path path : List.of(Path.flat(TICKS, 0.01), Path.wave(TICKS), Path.incident(TICKS))) {
            List<Double> shares = new ArrayList<>();
            for (Rule.Kind kind : Rule.Kind.values()) {
                shares.add(100 * Rule.stopped(kind, new Limit(margin, ALPHA), path.atTheEdgeOf(margin), runs, SEED));
            }
            row(path.name(), margin, shares);
        }
    }

    private static void harm(String name, Margin margin, int good, double candidate, int runs) {
        int size = good == 0 ? 20 : Path.REQUESTS;
        Path path = Path.harm(name, good, candidate, 0.01);
        List<Double> means = new ArrayList<>();
        for (Rule.Kind kind : Rule.Kind.values()) {
            means.add(Rule.requests(kind, new Limit(margin, ALPHA), path, good, size, runs, SEED));
        }
        row(name, margin, means);
    }

    private static void heading(String what) {
        System.out.printf("%-32s %-9s", what, "margin");
        for (Rule.Kind kind : Rule.Kind.values()) {
            System.out.printf(" %16s", kind.label);
        }
        System.out.println();
    }

    private static void row(String name, Margin margin, List<Double> values) {
        System.out.printf("%-32s %-9s", name, margin.points() == 0 ? "0" : "5 points");
        values.forEach(value -> System.out.printf(Locale.ROOT, " %16.1f", value));
        System.out.println();
    }

    /** Microseconds for one limit with all its alternatives, from the counters to the verdict, when warm. */
    private static double cost(Margin margin) {
        Traffic traffic = new Traffic(SEED);
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ticks.add(traffic.tick(Path.REQUESTS, 0.05, 0.01, 0.01));
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            Rule rule = Rule.ours(new Limit(margin, ALPHA));
            long start = System.nanoTime();
            ticks.forEach(rule::stops);
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / ticks.size());
        }
        return best;
    }
}
