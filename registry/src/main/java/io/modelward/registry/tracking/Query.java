package io.modelward.registry.tracking;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Cursor;
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
 * A search as it was asked for.
 *
 * @param experiments ids, in a search of runs
 * @param token the {@code next_page_token} of the page before
 */
public record Query(
        List<String> experiments,
        String filter,
        List<String> orderBy,
        Search.View view,
        Optional<String> token,
        int size) {

    private static final int MOST_EXPERIMENTS = 10_000;

    /** The part of the query that a token is bound to: everything but size and token. */
    private List<String> identity() {
        List<String> all = new ArrayList<>(List.of(filter, view.name(), Integer.toString(orderBy.size())));
        all.addAll(orderBy);
        all.addAll(experiments);
        return all;
    }

    /** The same query with smaller pages, for where a page of the wanted size would fill the memory. */
    public Query atMost(int most) {
        return new Query(experiments, filter, orderBy, view, token, Math.min(size, most));
    }

    /** The token that goes on where a page ended. */
    public String token(Cursor cursor) {
        return PageToken.write(cursor, identity());
    }

    Optional<Cursor> cursor() {
        return token.filter(text -> !text.isEmpty()).map(text -> PageToken.read(text, identity()));
    }

    /**
     * The search as the store takes it.
     *
     * @param unordered the order when the caller asks for none
     * @param last the field that makes an order total
     */
    public Search search(Vocabulary vocabulary, List<SortOrder> unordered, List<SortOrder> last) {
        if (experiments.size() > MOST_EXPERIMENTS) {
            throw ProblemException.invalid(
                    "experiment_ids", "At most " + MOST_EXPERIMENTS + " experiments are searched at once.");
        }
        List<SortOrder> order = new ArrayList<>(OrderParser.parse(orderBy, vocabulary));
        for (SortOrder more : order.isEmpty() ? unordered : last) {
            if (order.stream().noneMatch(term -> term.field().equals(more.field()))) {
                order.add(more);
            }
        }
        return new Search(
                experiments.stream().map(Checks::experiment).distinct().toList(),
                view,
                FilterParser.parse(filter, vocabulary),
                order,
                cursor(),
                size);
    }

    public static SortOrder by(String attribute, boolean ascending) {
        return new SortOrder(new Field(Field.Kind.ATTRIBUTE, attribute), ascending);
    }
}
