package io.modelward.core.search;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads filters as MLflow has them: clauses joined by {@code AND}, each a field, a comparison and a value, such as
 * {@code metrics.acc > 0.9 AND tags.`my team` = 'x'}.
 */
public final class FilterParser {

    /** Longer ones are refused, so that no search takes the server's time for itself. */
    public static final int LONGEST = 20_000;

    private static final int MOST_CLAUSES = 50;
    private static final int MOST_VALUES = 500;

    private final String text;
    private final Vocabulary vocabulary;
    private final List<Token> tokens;
    private int at;

    private FilterParser(String text, Vocabulary vocabulary, List<Token> tokens) {
        this.text = text;
        this.vocabulary = vocabulary;
        this.tokens = tokens;
    }

    /** The clauses of a filter; an empty one has none. */
    public static List<Clause> parse(String text, Vocabulary vocabulary) {
        if (text.length() > LONGEST) {
            throw ProblemException.invalid("filter", "A filter has at most " + LONGEST + " characters.");
        }
        if (text.isBlank()) {
            return List.of();
        }
        List<Token> tokens;
        try {
            tokens = Lexer.tokens(text);
        } catch (Unreadable unreadable) {
            throw invalid(text, unreadable.reason());
        }
        return new FilterParser(text, vocabulary, tokens).clauses();
    }

    private List<Clause> clauses() {
        List<Clause> clauses = new ArrayList<>();
        while (true) {
            int start = at;
            try {
                clauses.add(clause());
                if (peek().kind() != Token.Kind.END && !peek().is("AND")) {
                    throw new Unreadable(
                            peek().is("OR")
                                    ? "clauses are joined by AND; there is no OR"
                                    : "after a clause comes AND or the end");
                }
            } catch (Unreadable unreadable) {
                throw invalid(clauseText(start), unreadable.reason());
            }
            if (peek().kind() == Token.Kind.END) {
                return clauses;
            }
            at++;
            if (clauses.size() == MOST_CLAUSES) {
                throw ProblemException.invalid("filter", "A filter has at most " + MOST_CLAUSES + " clauses.");
            }
        }
    }

    /** The clause as it was written: to the AND after what could not be read. */
    private String clauseText(int start) {
        int end = Math.max(start, at);
        while (end < tokens.size() - 1 && !(tokens.get(end).is("AND") && end > start)) {
            end++;
        }
        int to = end > start ? tokens.get(end - 1).end() : text.length();
        return text.substring(
                tokens.get(start).start(), Math.max(to, tokens.get(start).start()));
    }

    private static ProblemException invalid(String clause, String reason) {
        return ProblemException.invalid(
                "filter", "Invalid clause(s) in filter string: " + Quoted.of(clause) + ": " + reason + ".");
    }

    private Clause clause() {
        Field field = FieldReader.read(this::take, this::peek, vocabulary);
        return switch (field.kind()) {
            case METRIC -> new Clause(field, new Clause.Number(comparison("a metric"), number()));
            case PARAM, TAG -> new Clause(field, text(true));
            case DATASET -> new Clause(field, text(false));
            case ATTRIBUTE -> attribute(field);
        };
    }

    private Clause attribute(Field field) {
        return switch (vocabulary.type(field)) {
            case TEXT -> new Clause(field, text(false));
            case WHOLE -> new Clause(field, new Clause.Whole(comparison("a number"), whole()));
            case SEVERAL -> new Clause(field, text(false));
            case VERSION -> new Clause(field, version());
            case ORDER_ONLY -> throw new Unreadable(field.key() + " cannot be filtered by");
        };
    }

    private Clause.Test text(boolean mayBeAbsent) {
        Token operator = take();
        if (operator.isSign("=")) {
            return new Clause.Text(true, string());
        } else if (operator.isSign("!=") || operator.isSign("<>")) {
            return new Clause.Text(false, string());
        } else if (operator.is("LIKE") || operator.is("ILIKE")) {
            return new Clause.Like(string(), operator.is("ILIKE"));
        } else if (operator.is("IN")) {
            return new Clause.In(list(), false);
        } else if (operator.is("NOT") && peek().is("IN")) {
            at++;
            return new Clause.In(list(), true);
        } else if (operator.is("IS") && mayBeAbsent) {
            boolean negated = peek().is("NOT");
            at += negated ? 1 : 0;
            if (!take().is("NULL")) {
                throw new Unreadable("after IS comes NULL or NOT NULL");
            }
            return new Clause.Absent(negated);
        }
        throw new Unreadable("a text is compared with =, !=, LIKE, ILIKE, IN or NOT IN"
                + (mayBeAbsent ? ", IS NULL, IS NOT NULL" : ""));
    }

    private Clause.Test version() {
        Clause.Comparison comparison = comparison("a version");
        String text = string();
        Optional<SemVer> version = SemVer.tryParse(text);
        if (version.isPresent()) {
            return new Clause.Numbered(comparison, version.get());
        }
        if (comparison != Clause.Comparison.EQUAL) {
            throw new Unreadable("a version such as '1.4.2' is expected; a range such as '^1.4' goes with = only");
        }
        try {
            return new Clause.Within(VersionRange.parse(text));
        } catch (ProblemException noRange) {
            throw new Unreadable("a version such as '1.4.2' or a range such as '^1.4' is expected");
        }
    }

    private Clause.Comparison comparison(String what) {
        Token operator = take();
        for (Clause.Comparison comparison : Clause.Comparison.values()) {
            if (operator.isSign(comparison.sign())) {
                return comparison;
            }
        }
        if (operator.isSign("<>")) {
            return Clause.Comparison.NOT_EQUAL;
        }
        throw new Unreadable(what + " is compared with =, !=, <, <=, > or >=");
    }

    private double number() {
        Token value = take();
        double number = value.kind() == Token.Kind.NUMBER ? Double.parseDouble(value.text()) : Double.NaN;
        if (!Double.isFinite(number)) {
            throw new Unreadable("a number is expected, without quotes");
        }
        return number;
    }

    private long whole() {
        Token value = take();
        if (value.kind() == Token.Kind.NUMBER && value.text().matches("[+-]?[0-9]{1,18}")) {
            return Long.parseLong(value.text());
        }
        throw new Unreadable("a whole number is expected, without quotes");
    }

    private String string() {
        Token value = take();
        if (!value.isText()) {
            throw new Unreadable("a text in quotes is expected");
        }
        return value.text();
    }

    private List<String> list() {
        if (!take().isSign("(")) {
            throw new Unreadable("a list in parentheses is expected");
        }
        List<String> values = new ArrayList<>();
        Token after;
        do {
            values.add(string());
            after = take();
        } while (after.isSign(",") && values.size() < MOST_VALUES);
        if (!after.isSign(")")) {
            throw new Unreadable(
                    "a list is texts in quotes, at most " + MOST_VALUES + ", between commas and in parentheses");
        }
        return List.copyOf(values);
    }

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        at++;
        return token;
    }
}
