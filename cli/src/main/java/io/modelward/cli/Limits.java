package io.modelward.cli;

/** How much of a list is wanted. */
final class Limits {

    private Limits() {}

    static int checked(int limit) {
        if (limit < 1) {
            throw new Usage("--limit is a whole number from 1.");
        }
        return limit;
    }
}
