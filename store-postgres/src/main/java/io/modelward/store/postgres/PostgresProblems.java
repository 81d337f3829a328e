package io.modelward.store.postgres;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.sql.SQLException;

/** What PostgreSQL's SQLSTATEs mean for callers. */
final class PostgresProblems {

    private PostgresProblems() {}

    /** The failure as a caller is told it. Failures that are no client's and no operator's stay what they are. */
    static RuntimeException translate(RuntimeException failure) {
        if (failure instanceof ProblemException) {
            return failure;
        }
        String state = state(failure);
        return switch (state) {
            case "53100" ->
                Problem.of(
                                ProblemType.STORAGE_FULL,
                                "The disk of the server's database is full. Nothing was changed. Free space on it"
                                        + " and try again.")
                        .exception();
            case "22021", "22P05" ->
                ProblemException.invalid(
                        "text", "A text has the character U+0000, which cannot be kept. Leave it out.");
            case "54000" ->
                ProblemException.invalid(
                        "text", "A text that is searched by is too long. Shorten names, keys and paths.");
            case "57014" ->
                Problem.of(
                                ProblemType.OVERLOADED,
                                "The database ended this question since it took too long. Ask for less.")
                        .with("retry_after", 5)
                        .exception();
            default -> isLoss(failure) ? away() : isSerialization(failure) ? busy() : failure;
        };
    }

    /** The database is not there now. */
    static ProblemException away() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The database of the catalog does not answer. Nothing was changed; predictions go on. Try"
                                + " again in a second.")
                .with("retry_after", 1)
                .exception();
    }

    /** The database went away while a change was committed. */
    static ProblemException unknown() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The database of the catalog went away while the change was written, and it is not known"
                                + " yet whether the"
                                + " change was kept. Try again in a second; a change that was kept is not made twice.")
                .with("retry_after", 1)
                .exception();
    }

    static ProblemException busy() {
        return Problem.of(ProblemType.OVERLOADED, "Too many changes wait to be written. Try again in a second.")
                .with("retry_after", 1)
                .exception();
    }

    /** Whether others changed the same rows meanwhile, so that the transaction has to be run again. */
    static boolean isSerialization(Throwable failure) {
        String state = state(failure);
        return state.equals("40001") || state.equals("40P01");
    }

    /**
     * Whether the connection is of no more use: it was cut (08), the server is shutting down, crashed or starting
     * (57P01 to 57P05), has no more connections (53300), ended a session that waited too long (25P03), or may not be
     * written to any more, as after a failover (25006).
     */
    static boolean isLoss(Throwable failure) {
        String state = state(failure);
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("53300")
                || state.equals("25006")
                || state.equals("25P03");
    }

    /** The first SQLSTATE among the causes, or empty. */
    static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
