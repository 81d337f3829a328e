package io.modelward.registry.tracking;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Order;
import io.modelward.core.search.Vocabulary;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.Experiments.Row;
import io.modelward.store.catalog.Found;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Experiments: created, found, renamed, deleted with their runs, and brought back with those. */
public final class ExperimentService {

    private static final long DEFAULT = 0;
    private static final List<Order> NEWEST_FIRST =
            List.of(Query.by("creation_time", false), Query.by("experiment_id", true));
    private static final List<Order> LAST = List.of(Query.by("experiment_id", false));

    private final Catalog catalog;
    private final InstantSource clock;

    public ExperimentService(Catalog catalog, InstantSource clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Creates an experiment and answers its id. */
    public String create(String name, Optional<String> location, List<Entry> tags, Actor actor) {
        Checks.experimentName(name);
        location.ifPresent(ArtifactLocation::check);
        tags.forEach(Checks::experimentTag);
        Instant now = clock.instant();
        Change change = actor.change(now, "");
        return catalog.write(tx -> {
            refuseTaken(tx, name);
            long id = tx.experiments().nextId();
            String where = location.map(given -> given.endsWith("/") ? given.substring(0, given.length() - 1) : given)
                    .orElse("mlflow-artifacts:/" + id);
            tx.experiments()
                    .insert(new Row(id, name, where, now.toEpochMilli(), now.toEpochMilli(), OptionalLong.empty()));
            tags.forEach(tag -> tx.experiments().setTag(id, tag.key(), tag.value()));
            audit(tx, change, "experiment.create", id, name);
            return Long.toString(id);
        });
    }

    public ExperimentView get(String id) {
        long number = Checks.experiment(id);
        return catalog.read(tx -> view(tx, List.of(require(tx, number))).getFirst());
    }

    /** Finds deleted ones too: a name is taken until its experiment has another. */
    public ExperimentView getByName(String name) {
        return catalog.read(tx -> {
            Row row = tx.experiments()
                    .findByName(name)
                    .orElseThrow(() ->
                            ProblemException.notFound("Could not find experiment with name " + Quoted.of(name) + "."));
            return view(tx, List.of(row)).getFirst();
        });
    }

    public Page<ExperimentView> search(Query query) {
        var search = query.search(Vocabulary.EXPERIMENTS, NEWEST_FIRST, LAST);
        return catalog.read(tx -> {
            Found<Row> found = tx.experiments().search(search);
            return new Page<>(view(tx, found.items()), found.next().map(query::token));
        });
    }

    /** Gives it another name. */
    public void rename(String id, String name, Actor actor) {
        Checks.experimentName(name);
        change(id, "experiment.rename", actor, (tx, row, now) -> {
            requireState(row, true);
            if (!row.name().equals(name)) {
                refuseTaken(tx, name);
            }
            return new Row(row.id(), name, row.artifactLocation(), row.createdAt(), now, row.deletedAt());
        });
    }

    /** Deletes it, its runs and logged models; what is deleted is kept and can be restored. */
    public void delete(String id, Actor actor) {
        change(id, "experiment.delete", actor, (tx, row, now) -> {
            requireThere(row, true);
            if (row.id() == DEFAULT) {
                throw ProblemException.invalid(
                        "experiment_id",
                        "Cannot delete the default experiment '0'. This is an internally reserved experiment.");
            }
            tx.runs().deleteWith(row.id(), now);
            tx.loggedModels().deleteWith(row.id(), now);
            return new Row(row.id(), row.name(), row.artifactLocation(), row.createdAt(), now, OptionalLong.of(now));
        });
    }

    /** Brings it back, and the runs and models that were deleted with it. */
    public void restore(String id, Actor actor) {
        change(id, "experiment.restore", actor, (tx, row, now) -> {
            requireThere(row, false);
            tx.runs().restoreWith(row.id(), row.deletedAt().orElse(0));
            tx.loggedModels().restoreWith(row.id(), row.deletedAt().orElse(0));
            return new Row(row.id(), row.name(), row.artifactLocation(), row.createdAt(), now, OptionalLong.empty());
        });
    }

    public void setTag(String id, Entry tag) {
        Entry checked = Checks.experimentTag(tag);
        inActive(id, tx -> tx.experiments().setTag(Checks.experiment(id), checked.key(), checked.value()));
    }

    public void deleteTag(String id, String key) {
        inActive(id, tx -> {
            if (!tx.experiments().deleteTag(Checks.experiment(id), key)) {
                throw ProblemException.notFound(
                        "No tag with name: " + Quoted.plain(key) + " in experiment with id " + id + ".");
            }
        });
    }

    @FunctionalInterface
    private interface Act {
        Row apply(CatalogTransaction tx, Row row, long now);
    }

    private void change(String id, String action, Actor actor, Act act) {
        long number = Checks.experiment(id);
        Instant now = clock.instant();
        Change change = actor.change(now, "");
        catalog.write(tx -> {
            Row row = require(tx, number);
            Row after = act.apply(tx, row, now.toEpochMilli());
            tx.experiments().update(after);
            audit(tx, change, action, number, after.name());
            return true;
        });
    }

    private void inActive(String id, Consumer<CatalogTransaction> unit) {
        long number = Checks.experiment(id);
        catalog.write(tx -> {
            requireState(require(tx, number), true);
            unit.accept(tx);
            return true;
        });
    }

    static Row require(CatalogTransaction tx, long id) {
        return tx.experiments()
                .find(id)
                .orElseThrow(() -> ProblemException.notFound("No Experiment with id=" + id + " exists."));
    }

    /** To whom deletes one that is deleted, it is not there; nor is an active one to whom restores it. */
    private static void requireThere(Row row, boolean active) {
        if (row.active() != active) {
            throw ProblemException.notFound(
                    "No " + (active ? "active" : "deleted") + " Experiment with id=" + row.id() + " exists.");
        }
    }

    static void requireState(Row row, boolean active) {
        if (row.active() != active) {
            throw ProblemException.invalid(
                    "experiment_id",
                    "The experiment " + row.id() + " must be in the '" + (active ? "active" : "deleted")
                            + "' state. Current state is " + (active ? "deleted" : "active") + ".");
        }
    }

    private static void refuseTaken(CatalogTransaction tx, String name) {
        tx.experiments().findByName(name).ifPresent(other -> {
            throw ProblemException.conflict("Experiment(name=" + Quoted.plain(name) + ") already exists"
                    + (other.active() ? "." : ", deleted. Restore it, or rename it first."));
        });
    }

    private static void audit(CatalogTransaction tx, Change change, String action, long id, String name) {
        tx.audit().append(change, action, "experiment " + id, Json.object().put("name", name));
    }

    private static List<ExperimentView> view(CatalogTransaction tx, List<Row> rows) {
        var tags = tx.experiments().tags(rows.stream().map(Row::id).toList());
        return rows.stream()
                .map(row -> new ExperimentView(row, tags.getOrDefault(row.id(), List.of())))
                .toList();
    }
}
