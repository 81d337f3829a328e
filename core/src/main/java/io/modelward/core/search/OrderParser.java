package io.modelward.core.search;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.ArrayList;
import java.util.List;

/** Reads the terms of an order: a field, then {@code ASC}, {@code DESC} or nothing. */
public final class OrderParser {

    private static final int MOST = 10;

    private OrderParser() {}

    /** The terms, first to last; one named again adds nothing. */
    public static List<SortOrder> parse(List<String> terms, Vocabulary vocabulary) {
        if (terms.size() > MOST) {
            throw ProblemException.invalid("order_by", "An order has at most " + MOST + " terms.");
        }
        List<SortOrder> orders = new ArrayList<>();
        for (String term : terms) {
            try {
                if (term.length() > FilterParser.LONGEST) {
                    throw new Unreadable("it is too long");
                }
                SortOrder order = read(Lexer.tokens(term), vocabulary);
                if (orders.stream().noneMatch(other -> other.field().equals(order.field()))) {
                    orders.add(order);
                }
            } catch (Unreadable unreadable) {
                throw ProblemException.invalid(
                        "order_by", "Invalid order_by clause " + Quoted.of(term) + ": " + unreadable.reason() + ".");
            }
        }
        return orders;
    }

    /** A field alone, where its direction is said beside it. */
    public static Field field(String text, Vocabulary vocabulary) {
        try {
            if (text.length() > FilterParser.LONGEST) {
                throw new Unreadable("it is too long");
            }
            List<Token> tokens = Lexer.tokens(text);
            int[] at = {0};
            Field field = FieldReader.read(() -> tokens.get(at[0]++), () -> tokens.get(at[0]), vocabulary);
            if (tokens.get(at[0]).kind() != Token.Kind.END) {
                throw new Unreadable("it is the name of one field, such as metrics.accuracy");
            }
            return field;
        } catch (Unreadable unreadable) {
            throw ProblemException.invalid(
                    "order_by", "Invalid field_name " + Quoted.of(text) + " in order_by: " + unreadable.reason() + ".");
        }
    }

    private static SortOrder read(List<Token> tokens, Vocabulary vocabulary) {
        int[] at = {0};
        Field field = FieldReader.read(() -> tokens.get(at[0]++), () -> tokens.get(at[0]), vocabulary);
        if (field.kind() == Field.Kind.DATASET) {
            throw new Unreadable("a run has many datasets, so they give no order");
        }
        if (field.kind() == Field.Kind.ATTRIBUTE && vocabulary.type(field) == Vocabulary.Type.SEVERAL) {
            throw new Unreadable("there may be several values of " + field.key() + ", so they give no order");
        }
        boolean ascending = true;
        Token direction = tokens.get(at[0]);
        if (direction.is("ASC") || direction.is("DESC")) {
            ascending = direction.is("ASC");
            at[0]++;
        }
        if (tokens.get(at[0]).kind() != Token.Kind.END) {
            throw new Unreadable("after the field comes ASC, DESC or nothing");
        }
        return new SortOrder(field, ascending);
    }
}
