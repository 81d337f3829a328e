package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.search.Found;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.Experiment;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists experiments with what people look for in a list: how many runs there are, and when the last one started. */
public final class ExperimentBrowser {

    /** Runs are counted up to here. */
    public static final int MOST_COUNTED = 10_000;

    private static final List<SortOrder> NEWEST_FIRST =
            List.of(Query.by("creation_time", false), Query.by("experiment_id", true));
    private static final List<SortOrder> LAST = List.of(Query.by("experiment_id", false));

    private final Access access;
    private final Catalog catalog;

    public ExperimentBrowser(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /**
     * An experiment in a list.
     *
     * @param maker who made the experiment, where access control kept that
     * @param tally what its runs come to; empty when the caller may not read all of them
     */
    public record ExperimentRow(ExperimentView view, Optional<String> maker, Optional<Tally> tally) {}

    /**
     * What the active runs of an experiment come to.
     *
     * @param runs how many they are, {@value #MOST_COUNTED} when they are that many or more
     */
    public record Tally(long runs, OptionalLong lastStart) {}

    public Page<ExperimentRow> search(Query query) {
        Reach reach = access.requireSome(Action.READ);
        var search = query.search(Vocabulary.EXPERIMENTS, NEWEST_FIRST, LAST).within(reach);
        Page<ExperimentView> found = catalog.read(tx -> {
            Found<Experiment> experiments = tx.experiments().search(search);
            return new Page<>(
                    ExperimentService.view(tx, experiments.items()),
                    experiments.next().map(query::token));
        });
        return new Page<>(rows(found.items()), found.next());
    }

    public ExperimentRow experiment(String id) {
        access.require(Action.READ, new Resource.Experiment(id));
        long number = Checks.experiment(id);
        return rows(catalog.read(tx -> ExperimentService.view(tx, List.of(ExperimentService.require(tx, number)))))
                .getFirst();
    }

    private List<ExperimentRow> rows(List<ExperimentView> views) {
        // A count tells of every run, so whoever may read some of them alone is not told the count.
        Set<Long> whole = views.stream()
                .map(view -> view.experiment().id())
                .filter(id -> access.allows(Action.READ, new Resource.WithinExperiment(Long.toString(id))))
                .collect(Collectors.toSet());
        return catalog.read(tx -> views.stream()
                .map(view -> row(tx, view, whole.contains(view.experiment().id())))
                .toList());
    }

    private static ExperimentRow row(CatalogTransaction tx, ExperimentView view, boolean whole) {
        long id = view.experiment().id();
        return new ExperimentRow(
                view,
                tx.access().maker("experiment:" + id),
                whole
                        ? Optional.of(new Tally(
                                tx.runs().count(id, MOST_COUNTED), tx.runs().lastStart(id)))
                        : Optional.empty());
    }
}
