package io.modelward.core.search;

import java.util.function.Supplier;

/** Reads the name of a field: {@code metrics.acc}, {@code tags."my team"}, {@code `Run name`}, {@code status}. */
final class FieldReader {

    private FieldReader() {}

    static Field read(Supplier<Token> take, Supplier<Token> peek, Vocabulary vocabulary) {
        Token first = take.get();
        boolean quoted = first.kind() == Token.Kind.BACKTICKED || first.kind() == Token.Kind.DOUBLE_QUOTED;
        if (!quoted && first.kind() != Token.Kind.WORD) {
            throw new Unreadable("a clause begins with the name of a field, such as metrics.accuracy");
        }
        if (quoted) {
            return vocabulary.field("", first.text());
        }
        int dot = first.text().indexOf('.');
        if (dot < 0) {
            return vocabulary.field("", first.text());
        }
        String prefix = first.text().substring(0, dot);
        String key = first.text().substring(dot + 1);
        Token next = peek.get();
        boolean keyFollows = key.isEmpty()
                && next.start() == first.end()
                && (next.kind() == Token.Kind.BACKTICKED
                        || next.kind() == Token.Kind.DOUBLE_QUOTED
                        || next.kind() == Token.Kind.NUMBER);
        if (keyFollows) {
            key = take.get().text();
        }
        if (key.isEmpty()) {
            throw new Unreadable("after " + prefix + ". comes a key");
        }
        return vocabulary.field(prefix, key);
    }
}
