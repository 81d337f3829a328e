package io.modelward.core.search;

/**
 * A piece of a filter.
 *
 * @param text without its quotes
 * @param end where it ends in the filter
 */
record Token(Kind kind, String text, int start, int end) {

    enum Kind {
        /** Letters, digits and what else names are made of; also keywords. */
        WORD,
        /** In backticks. */
        BACKTICKED,
        /** In double quotes: a key or a value. */
        DOUBLE_QUOTED,
        /** In single quotes. */
        QUOTED,
        NUMBER,
        /** A comparison, a parenthesis or a comma. */
        SIGN,
        END
    }

    boolean is(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isSign(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isText() {
        return kind == Kind.QUOTED || kind == Kind.DOUBLE_QUOTED;
    }
}
