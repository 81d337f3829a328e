package io.modelward.core.search;

import io.modelward.core.access.Reach;
import java.util.List;
import java.util.Optional;

/**
 * What to look for.
 *
 * @param experiments only runs of these; not looked at in a search of experiments
 * @param order all terms, without a last one that makes it total: that is added
 * @param after where the page before ended
 * @param limit how many items at most, at least 1
 * @param reach what may be found
 */
public record Search(
        List<Long> experiments,
        View view,
        List<Clause> filter,
        List<SortOrder> order,
        Optional<Cursor> after,
        int limit,
        Reach reach) {

    /** Over all that there is. */
    public Search(
            List<Long> experiments,
            View view,
            List<Clause> filter,
            List<SortOrder> order,
            Optional<Cursor> after,
            int limit) {
        this(experiments, view, filter, order, after, limit, Reach.EVERYTHING);
    }

    /** The same among what is within reach. */
    public Search within(Reach reaching) {
        return new Search(experiments, view, filter, order, after, limit, reaching);
    }

    /** Which of those that are kept. */
    public enum View {
        ACTIVE_ONLY,
        DELETED_ONLY,
        ALL
    }
}
