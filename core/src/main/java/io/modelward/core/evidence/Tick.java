package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * The requests of a candidate and of the active arm that were admitted in one interval under one split, counted when
 * all have an outcome.
 *
 * @param split the chance of a request to be the candidate's, of those that are one of the two arms', 0 to 1
 * @param candidate 0 to 10¹² requests, of which at most all are bad
 * @param active the same for the active arm
 */
public record Tick(double split, ArmCounts candidate, ArmCounts active) {

    /** A double holds such a count exactly, and the sum over all ticks of a rollout is far from the end of a long. */
    private static final long MOST = 1_000_000_000_000L;

    public Tick {
        if (!(split >= 0 && split <= 1)) {
            throw ProblemException.invalid("split", "A split is a fraction from 0 to 1; 0.05 is five percent.");
        }
        check("n_canary", candidate.requests(), MOST, "10¹²");
        check("x_canary", candidate.bad(), candidate.requests(), "n_canary");
        check("n_active", active.requests(), MOST, "10¹²");
        check("x_active", active.bad(), active.requests(), "n_active");
    }

    /** A tick by its four counters, in the order in which files have them. */
    public static Tick of(double split, long nCandidate, long xCandidate, long nActive, long xActive) {
        return new Tick(split, new ArmCounts(nCandidate, xCandidate), new ArmCounts(nActive, xActive));
    }

    private static void check(String field, long count, long most, String name) {
        if (count < 0 || count > most) {
            throw ProblemException.invalid(field, "It is a whole number from 0 to " + name + ".");
        }
    }

    public boolean isEmpty() {
        return candidate.requests() == 0 && active.requests() == 0;
    }

    /** Whether both arms could have got each request; if not, there is nothing to compare the candidate with. */
    boolean isConcurrent() {
        return split > 0 && split < 1;
    }

    /** The same requests with good called bad and bad good. */
    Tick flipped() {
        return new Tick(split, candidate.flipped(), active.flipped());
    }
}
