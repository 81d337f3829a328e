package io.modelward.core.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a filter into tokens. */
final class Lexer {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\\p{L}\\p{N}_])");
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_./:\\-]*");
    private static final Pattern SIGN = Pattern.compile("!=|<=|>=|<>|[=<>(),]");

    private final String text;
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.getLast().kind() != Token.Kind.END);
        return tokens;
    }

    private Token next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", at, at);
        }
        return switch (text.charAt(at)) {
            case '\'' -> quoted('\'', Token.Kind.QUOTED);
            case '"' -> quoted('"', Token.Kind.DOUBLE_QUOTED);
            case '`' -> quoted('`', Token.Kind.BACKTICKED);
            default -> plain();
        };
    }

    private Token plain() {
        for (Token.Kind kind : List.of(Token.Kind.NUMBER, Token.Kind.WORD, Token.Kind.SIGN)) {
            Matcher matcher = switch (kind) {
                case NUMBER -> NUMBER.matcher(text);
                case WORD -> WORD.matcher(text);
                default -> SIGN.matcher(text);
            };
            if (matcher.region(at, text.length()).lookingAt()) {
                int start = at;
                at = matcher.end();
                return new Token(kind, matcher.group(), start, at);
            }
        }
        throw new Unreadable("the character at position " + (at + 1) + " has no meaning here; put names in backticks");
    }

    /** A quote is written twice, or after a backslash, to stand for itself. */
    private Token quoted(char quote, Token.Kind kind) {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            boolean again = at < text.length() && text.charAt(at) == quote;
            if (c == quote && !again) {
                return new Token(kind, content.toString(), start, at);
            }
            if (again && (c == quote || (c == '\\' && quote != '`'))) {
                c = quote;
                at++;
            }
            content.append(c);
        }
        throw new Unreadable("the quote at position " + (start + 1) + " is not closed");
    }
}
