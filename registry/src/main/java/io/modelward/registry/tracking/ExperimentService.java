package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Found;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Creates, finds, renames, deletes and restores experiments, the runs of an experiment with it. */
public final class ExperimentService {

    private static final long DEFAULT = 0;
    private static final List<SortOrder> NEWEST_FIRST =
            List.of(Query.by("creation_time", false), Query.by("experiment_id", true));
    private static final List<SortOrder> LAST = List.of(Query.by("experiment_id", false));

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;

    public ExperimentService(Access access, Catalog catalog, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Creates an experiment and answers its id. */
    public String create(String name, Optional<String> location, List<KeyValue> tags, Actor actor) {
        access.requireToMake(Action.TRACK, new Resource.NamedExperiment(name));
        Checks.experimentName(name);
        location.ifPresent(ArtifactLocation::check);
        tags.forEach(Checks::experimentTag);
        Instant now = clock.instant();
        Change change = actor.change(now, "");
        Optional<String> maker = Checks.maker();
        return catalog.write(tx -> {
            refuseTaken(tx, name);
            long id = tx.experiments().nextId();
            String where = location.map(given -> given.endsWith("/") ? given.substring(0, given.length() - 1) : given)
                    .orElse("mlflow-artifacts:/" + id);
            maker.ifPresent(subject -> tx.access().madeBy("experiment:" + id, subject));
            tx.experiments()
                    .insert(new Experiment(
                            id, name, where, now.toEpochMilli(), now.toEpochMilli(), OptionalLong.empty()));
            tags.forEach(tag -> tx.experiments().setTag(id, tag.key(), tag.value()));
            audit(tx, change, "experiment.create", id, name);
            return Long.toString(id);
        });
    }

    public ExperimentView get(String id) {
        access.require(Action.READ, new Resource.Experiment(id));
        long number = Checks.experiment(id);
        return catalog.read(tx -> view(tx, List.of(require(tx, number))).getFirst());
    }

    /** Finds deleted ones too: a name is taken until its experiment has another. */
    public ExperimentView getByName(String name) {
        access.require(Action.READ, new Resource.NamedExperiment(name));
        return catalog.read(tx -> {
            Experiment experiment =
                    tx.experiments().findByName(name).orElseThrow(() -> new Resource.NamedExperiment(name).missing());
            return view(tx, List.of(experiment)).getFirst();
        });
    }

    public Page<ExperimentView> search(Query query) {
        Reach reach = access.requireSome(Action.READ);
        var search = query.search(Vocabulary.EXPERIMENTS, NEWEST_FIRST, LAST).within(reach);
        return catalog.read(tx -> {
            Found<Experiment> found = tx.experiments().search(search);
            return new Page<>(view(tx, found.items()), found.next().map(query::token));
        });
    }

    /** Gives it another name. */
    public void rename(String id, String name, Actor actor, String reason) {
        access.require(Action.TRACK, new Resource.Experiment(id));
        requireMayMove(id);
        // As for one that is made: of a name that is taken, nobody learns more than that.
        access.requireToMake(Action.TRACK, new Resource.NamedExperiment(name));
        Checks.experimentName(name);
        change(id, "experiment.rename", actor, reason, (tx, experiment, now) -> {
            requireState(experiment, true);
            if (!experiment.name().equals(name)) {
                refuseTaken(tx, name);
            }
            return experiment.withName(name).withUpdatedAt(now);
        });
    }

    /**
     * Roles are granted on names, so whoever renames an experiment may bring it into a reach in which they may do more.
     * Only who made it, or may delete it, does that.
     */
    private void requireMayMove(String id) {
        if (access.off()) {
            return;
        }
        Optional<String> caller = Checks.maker();
        boolean made = caller.isPresent()
                && caller.equals(catalog.read(tx -> tx.access().maker("experiment:" + Checks.experiment(id))));
        if (!made) {
            access.require(Action.DELETE, new Resource.Experiment(id));
        }
    }

    /** Deletes it, its runs and logged models; what is deleted is kept and can be restored. */
    public void delete(String id, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Experiment(id));
        change(id, "experiment.delete", actor, reason, (tx, experiment, now) -> {
            requireThere(experiment, true);
            if (experiment.id() == DEFAULT) {
                throw ProblemException.invalid(
                        "experiment_id",
                        "The default experiment 0 is not deleted: runs that name no experiment belong to it.");
            }
            tx.runs().deleteWith(experiment.id(), now);
            tx.loggedModels().deleteWith(experiment.id(), now);
            return experiment.withUpdatedAt(now).withDeletedAt(OptionalLong.of(now));
        });
    }

    /** Brings it back, and the runs and models that were deleted with it. */
    public void restore(String id, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Experiment(id));
        change(id, "experiment.restore", actor, reason, (tx, experiment, now) -> {
            requireThere(experiment, false);
            tx.runs().restoreWith(experiment.id(), experiment.deletedAt().orElse(0));
            tx.loggedModels()
                    .restoreWith(experiment.id(), experiment.deletedAt().orElse(0));
            return experiment.withUpdatedAt(now).withDeletedAt(OptionalLong.empty());
        });
    }

    public void setTag(String id, KeyValue tag) {
        access.require(Action.TRACK, new Resource.Experiment(id));
        KeyValue checked = Checks.experimentTag(tag);
        inActive(id, tx -> tx.experiments().setTag(Checks.experiment(id), checked.key(), checked.value()));
    }

    public void deleteTag(String id, String key) {
        access.require(Action.TRACK, new Resource.Experiment(id));
        inActive(id, tx -> {
            if (!tx.experiments().deleteTag(Checks.experiment(id), key)) {
                throw ProblemException.missing(
                        "tag of experiment " + id, key, "The experiment " + id + " has no tag " + Quoted.of(key) + ".");
            }
        });
    }

    @FunctionalInterface
    private interface Act {
        Experiment apply(CatalogTransaction tx, Experiment experiment, long now);
    }

    private void change(String id, String action, Actor actor, String reason, Act act) {
        long number = Checks.experiment(id);
        Instant now = clock.instant();
        Change change = actor.change(now, reason);
        catalog.write(tx -> {
            Experiment experiment = require(tx, number);
            Experiment after = act.apply(tx, experiment, now.toEpochMilli());
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

    static Experiment require(CatalogTransaction tx, long id) {
        return tx.experiments().find(id).orElseThrow(() -> new Resource.Experiment(Long.toString(id)).missing());
    }

    /**
     * A deleted experiment is not there for a caller who deletes; an active one is not there for a caller who restores.
     */
    private static void requireThere(Experiment experiment, boolean active) {
        if (experiment.active() != active) {
            throw ProblemException.missing(
                    (active ? "active" : "deleted") + " experiment",
                    Long.toString(experiment.id()),
                    "The experiment " + experiment.id() + (active ? " is deleted already." : " is not deleted."));
        }
    }

    static void requireState(Experiment experiment, boolean active) {
        if (experiment.active() != active) {
            throw ProblemException.inState(
                    "experiment_id",
                    active ? "experiment is deleted" : "experiment is active",
                    Long.toString(experiment.id()),
                    "The experiment " + experiment.id()
                            + (active ? " is deleted. Bring it back first." : " is not deleted."));
        }
    }

    private static void refuseTaken(CatalogTransaction tx, String name) {
        tx.experiments().findByName(name).ifPresent(other -> {
            throw Problem.field(
                            ProblemType.CONFLICT,
                            "name",
                            "There is an experiment " + Quoted.of(name) + " already"
                                    + (other.active()
                                            ? ". Choose another name."
                                            : ", which is deleted. Bring it back, or rename it first."))
                    .with("taken", other.active() ? "experiment" : "deleted experiment")
                    .with("named", name)
                    .exception();
        });
    }

    private static void audit(CatalogTransaction tx, Change change, String action, long id, String name) {
        tx.audit().append(change, action, "experiment " + id, Json.object().put("name", name));
    }

    static List<ExperimentView> view(CatalogTransaction tx, List<Experiment> experiments) {
        var tags =
                tx.experiments().tags(experiments.stream().map(Experiment::id).toList());
        return experiments.stream()
                .map(experiment -> new ExperimentView(experiment, tags.getOrDefault(experiment.id(), List.of())))
                .toList();
    }

    /** An experiment with its tags. */
    public record ExperimentView(Experiment experiment, List<KeyValue> tags) {}
}
