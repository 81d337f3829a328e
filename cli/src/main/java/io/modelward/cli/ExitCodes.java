package io.modelward.cli;

/** The exit codes of commands, for scripts. */
final class ExitCodes {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int CONFLICT = 4;
    static final int REFUSED = 5;
    /** A candidate was found harmful. */
    static final int ROLLED_BACK = 6;

    static final int UNREACHABLE = 7;

    private ExitCodes() {}

    /**
     * The exit code for the HTTP status of a refusal: the request is malformed, names nothing that is there, asks for
     * something taken, breaks a rule, or has to wait.
     */
    static int of(int status) {
        return switch (status) {
            case 400, 421 -> USAGE;
            case 404 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            case 429, 503 -> UNREACHABLE;
            default -> status < 500 ? REFUSED : FAILED;
        };
    }
}
