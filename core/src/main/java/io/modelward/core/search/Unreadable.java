package io.modelward.core.search;

/** Why a clause cannot be read, on its way to the parser, which names the clause. */
final class Unreadable extends RuntimeException {

    Unreadable(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
