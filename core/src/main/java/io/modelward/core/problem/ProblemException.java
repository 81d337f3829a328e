package io.modelward.core.problem;

/**
 * Carries a {@link Problem} from the rule that found it to the door that reports it. Has no stack trace: it is no bug.
 */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;
    private final transient Problem plain;

    public ProblemException(Problem problem) {
        this(problem, problem);
    }

    private ProblemException(Problem problem, Problem plain) {
        super(problem.type().slug() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.plain = plain;
    }

    /**
     * The problem for a caller who may not see everything: without a guess at what the caller meant, since a guess
     * names a thing that is there.
     */
    public Problem plain() {
        return plain;
    }

    /** This problem with a guess in its words, for callers who may see everything. */
    public ProblemException guessing(String detail) {
        return new ProblemException(new Problem(problem.type(), detail, problem.field(), problem.extra()), plain);
    }

    /** This problem in more words, which name other things that are there, for callers who may see everything. */
    public ProblemException naming(Problem more) {
        return new ProblemException(more, plain);
    }

    public Problem problem() {
        return problem;
    }

    public static ProblemException invalid(String field, String detail) {
        return Problem.field(ProblemType.INVALID, field, detail).exception();
    }

    public static ProblemException notFound(String detail) {
        return Problem.of(ProblemType.NOT_FOUND, detail).exception();
    }

    /**
     * That a thing is not there.
     *
     * @param what one word for the kind of thing, as {@code model}; the problem's member {@code missing}
     * @param named how the caller named the thing; the problem's member {@code named}
     */
    public static ProblemException missing(String what, String named, String detail) {
        return Problem.of(ProblemType.NOT_FOUND, detail)
                .with("missing", what)
                .with("named", named)
                .exception();
    }

    /**
     * That a thing is in a state in which what was asked for cannot be done.
     *
     * @param state which thing is in which state, as {@code run is deleted}; the problem's member {@code state}
     * @param named how the caller named the thing; the problem's member {@code named}
     */
    public static ProblemException inState(String field, String state, String named, String detail) {
        return Problem.field(ProblemType.INVALID, field, detail)
                .with("state", state)
                .with("named", named)
                .exception();
    }

    public static ProblemException conflict(String detail) {
        return Problem.of(ProblemType.CONFLICT, detail).exception();
    }

    public static ProblemException refused(String field, String detail) {
        return Problem.field(ProblemType.REFUSED, field, detail).exception();
    }
}
