package io.modelward.core.evidence;

/** How split and rates move while a rollout goes on. */
record Path(String name, int ticks, Course course) {

    static final int REQUESTS = 100;

    @FunctionalInterface
    interface Course {
        Moment at(int tick);
    }

    record Moment(double split, double candidate, double active) {}

    /** Equal rates that never move. */
    static Path flat(int ticks, double rate) {
        return new Path("flat", ticks, _ -> new Moment(0.05, rate, rate));
    }

    /** Equal rates from 0.5 % to 3 % and back, four times, while the split goes 5, 25, 50 %. */
    static Path wave(int ticks) {
        return new Path("daily wave", ticks, tick -> {
            double rate = 0.0175 - 0.0125 * Math.cos(tick * 8 * Math.PI / ticks);
            return new Moment(new double[] {0.05, 0.25, 0.5}[3 * tick / ticks], rate, rate);
        });
    }

    /**
     * Equal rates of 0.5 %, and in the last third, after the split went from 5 to 50 %, an incident that gives both
     * arms 5 %.
     */
    static Path incident(int ticks) {
        return new Path(
                "shared incident",
                ticks,
                tick -> 3 * tick < 2 * ticks ? new Moment(0.05, 0.005, 0.005) : new Moment(0.5, 0.05, 0.05));
    }

    /** The same with a candidate that takes all of the margin. */
    Path atTheEdgeOf(Margin margin) {
        return new Path(name + ", at the margin's edge", ticks, tick -> {
            Moment moment = course.at(tick);
            return new Moment(moment.split, margin.bound(moment.active), moment.active);
        });
    }

    /** A candidate that is good for a number of ticks, then not. */
    static Path harm(String name, int good, double candidate, double active) {
        return new Path(name, Integer.MAX_VALUE, tick -> new Moment(0.05, tick < good ? active : candidate, active));
    }

    /** The requests of the tick. */
    Tick tick(int tick, Traffic traffic, int requests) {
        Moment moment = course.at(tick);
        return traffic.tick(requests, moment.split, moment.candidate, moment.active);
    }
}
