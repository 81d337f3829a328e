package io.modelward.registry.tracking;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Clause;
import io.modelward.core.search.Cursor;
import io.modelward.core.search.DatasetScope;
import io.modelward.core.search.Field;
import io.modelward.core.search.FilterParser;
import io.modelward.core.search.OrderParser;
import io.modelward.core.search.PageToken;
import io.modelward.core.search.Search;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A search of logged models as it was asked for.
 *
 * @param datasets the datasets on one of which metrics in the filter must have been measured; none: on any
 * @param token the {@code next_page_token} of the page before
 */
public record LoggedModelQuery(
        List<String> experiments,
        String filter,
        List<Term> orderBy,
        List<DatasetScope> datasets,
        Optional<String> token,
        int size) {

    private static final int MOST = 100;
    private static final int MOST_TERMS = 10;
    private static final Field STATUS = new Field(Field.Kind.ATTRIBUTE, "status");
    private static final List<SortOrder> LAST =
            List.of(Query.by("creation_timestamp", false), Query.by("model_id", true));

    /**
     * A term of the order.
     *
     * @param dataset of a metric: only measures on this dataset
     */
    public record Term(String field, boolean ascending, Optional<DatasetScope> dataset) {

        private SortOrder order() {
            return new SortOrder(
                    OrderParser.field(field, Vocabulary.LOGGED_MODELS)
                            .on(dataset.map(List::of).orElse(List.of())),
                    ascending);
        }
    }

    /** The part of the query that a token is bound to: everything but size and token. */
    private List<String> identity() {
        List<String> all = new ArrayList<>(List.of(filter, orderBy.toString(), datasets.toString()));
        all.addAll(experiments);
        return all;
    }

    String token(Cursor cursor) {
        return PageToken.write(cursor, identity());
    }

    Search search() {
        if (experiments.size() > MOST || datasets.size() > MOST) {
            throw ProblemException.invalid(
                    experiments.size() > MOST ? "experiment_ids" : "datasets",
                    "At most " + MOST + " experiments and datasets are searched at once.");
        }
        List<Clause> clauses = FilterParser.parse(filter, Vocabulary.LOGGED_MODELS).stream()
                .map(clause -> new Clause(clause.field().on(datasets), status(clause)))
                .toList();
        return new Search(
                experiments.stream().map(Checks::experiment).distinct().toList(),
                Search.View.ACTIVE_ONLY,
                clauses,
                order(),
                token.filter(text -> !text.isEmpty()).map(text -> PageToken.read(text, identity())),
                size);
    }

    private List<SortOrder> order() {
        if (orderBy.size() > MOST_TERMS) {
            throw ProblemException.invalid("order_by", "An order has at most " + MOST_TERMS + " terms.");
        }
        List<SortOrder> order = new ArrayList<>();
        for (SortOrder term : orderBy.stream().map(Term::order).toList()) {
            add(order, term);
        }
        LAST.forEach(term -> add(order, term));
        return order;
    }

    private static void add(List<SortOrder> order, SortOrder term) {
        if (order.stream().noneMatch(other -> other.field().equals(term.field()))) {
            order.add(term);
        }
    }

    /** Clients write a status in three ways; one of them is kept. */
    private static Clause.Test status(Clause clause) {
        if (!clause.field().equals(STATUS)) {
            return clause.test();
        }
        return switch (clause.test()) {
            case Clause.Text text -> new Clause.Text(text.equal(), kept(text.value()));
            case Clause.In in ->
                new Clause.In(in.values().stream().map(LoggedModelQuery::kept).toList(), in.negated());
            default -> clause.test();
        };
    }

    private static String kept(String status) {
        String plain = status.startsWith("LOGGED_MODEL_") ? status.substring("LOGGED_MODEL_".length()) : status;
        return plain.equals("FAILED") ? "UPLOAD_FAILED" : plain;
    }
}
