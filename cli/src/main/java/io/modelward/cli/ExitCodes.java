package io.modelward.cli;

/** The exit codes of commands, for scripts. */
final class ExitCodes {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int CONFLICT = 4;
    static final int REFUSED = 5;
    /** A candidate was found harmful, now or before, or a person took its traffic back. */
    static final int ROLLED_BACK = 6;

    static final int UNREACHABLE = 7;
    /** The time that the user gave was over; the server goes on. */
    static final int TIMED_OUT = 8;

    /** The server does not know the caller, or does not allow it: 401 and 403. */
    static final int NOT_ALLOWED = 9;

    private ExitCodes() {}

    /**
     * The exit code for the HTTP status of a refusal: the request is malformed, names nothing that is there, asks for
     * something taken, breaks a rule, has to wait, or is not for this caller.
     */
    static int of(int status) {
        return switch (status) {
            case 400, 421 -> USAGE;
            case 401, 403 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            case 429, 503 -> UNREACHABLE;
            default -> status < 500 ? REFUSED : FAILED;
        };
    }
}
