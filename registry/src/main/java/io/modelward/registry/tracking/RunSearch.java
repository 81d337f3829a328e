package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.search.Found;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.DatasetSummary;
import io.modelward.core.tracking.Run;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Searches runs by what they are and what they logged. */
public final class RunSearch {

    /** How many parameters, metrics and so on one page holds; it ends early rather than fill the memory. */
    private static final int MOST_ENTRIES = 200_000;

    private static final int MOST_SUMMARIES = 1000;
    private static final int AT_ONCE = 500;
    private static final List<SortOrder> LAST = List.of(Query.by("start_time", false), Query.by("run_id", true));

    private final Access access;
    private final Catalog catalog;

    public RunSearch(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /** The datasets that runs of these experiments read, at most {@value #MOST_SUMMARIES}. */
    public List<DatasetSummary> datasets(List<String> experiments) {
        if (experiments.isEmpty()) {
            access.requireSome(Action.READ);
        }
        // Datasets are told without their runs, so the whole experiment has to be readable.
        experiments.forEach(id -> access.require(Action.READ, new Resource.WithinExperiment(id)));
        List<Long> numbers =
                experiments.stream().map(Checks::experiment).distinct().toList();
        return catalog.read(tx -> tx.runInputs().summaries(numbers, MOST_SUMMARIES));
    }

    public Page<RunView> search(Query query) {
        Reach reach = Checks.mayRead(access, query.experiments());
        var search = query.search(Vocabulary.RUNS, LAST, LAST).within(reach);
        return catalog.read(tx -> {
            Found<Run> found = tx.runs().search(search);
            List<RunView> views = new ArrayList<>();
            int entries = 0;
            int from = 0;
            while (from < found.items().size() && entries < MOST_ENTRIES) {
                int to = Math.min(found.items().size(), from + AT_ONCE);
                List<RunView> some = RunView.of(tx, found.items().subList(from, to));
                entries += some.stream().mapToInt(RunView::entries).sum();
                views.addAll(some);
                from = to;
            }
            Optional<String> next = from < found.items().size()
                    ? Optional.of(query.token(found.cursors().get(from - 1)))
                    : found.next().map(query::token);
            return new Page<>(views, next);
        });
    }
}
