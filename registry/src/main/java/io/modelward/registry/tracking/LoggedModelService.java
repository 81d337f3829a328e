package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Begins, describes, finishes and deletes the models that runs log. Several models may have one name. */
public final class LoggedModelService {

    private static final int MOST_ENTRIES = 1000;
    private static final int LONGEST_TYPE = 500;
    private static final int ID_BYTES = 16;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final RandomGenerator random;

    public LoggedModelService(Access access, Catalog catalog, InstantSource clock, RandomGenerator random) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A model to begin. Type and source run may be empty; the source run need not be there, as clients may tell of runs
     * of another server.
     */
    public record NewModel(
            String experiment,
            Optional<String> name,
            String type,
            String sourceRun,
            List<KeyValue> params,
            List<KeyValue> tags) {}

    /** Begins a model: its files come next, and {@link #finish} ends it. */
    public LoggedModelView create(NewModel asked) {
        access.require(Action.TRACK, new Resource.WithinExperiment(asked.experiment()));
        long experiment = Checks.experiment(asked.experiment());
        String name = asked.name()
                .filter(text -> !text.isEmpty())
                .map(Checks::loggedModelName)
                .orElseGet(() -> RunNames.next(random));
        Checks.atMost("model_type", "A model's type", asked.type(), LONGEST_TYPE);
        if (!asked.sourceRun().isEmpty()) {
            Checks.run(asked.sourceRun());
            requireSourceRun(asked.sourceRun());
        }
        refuseMore("params", asked.params());
        refuseMore("tags", asked.tags());
        List<KeyValue> params = asked.params().stream().map(Checks::param).toList();
        List<KeyValue> tags = asked.tags().stream().map(Checks::tag).toList();
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = "m-" + HexFormat.of().formatHex(bytes);
        long now = clock.millis();
        Optional<String> maker = Checks.maker();
        return catalog.write(tx -> {
            var home = ExperimentService.require(tx, experiment);
            ExperimentService.requireState(home, true);
            maker.ifPresent(subject -> tx.access().madeBy("logged-model:" + id, subject));
            tx.loggedModels()
                    .insert(new LoggedModel(
                            id,
                            experiment,
                            name,
                            asked.type(),
                            asked.sourceRun(),
                            LoggedModelStatus.PENDING,
                            "",
                            home.artifactLocation() + "/models/" + id + "/artifacts",
                            now,
                            now,
                            OptionalLong.empty()));
            params.forEach(param -> param(tx, id, param));
            tags.forEach(tag -> tx.loggedModels().setTag(id, tag));
            return view(tx, id);
        });
    }

    /** Whoever registers what a run logged finds this model by the run, so only who logs to the run may name it. */
    private void requireSourceRun(String run) {
        if (!access.off() && catalog.read(tx -> tx.runs().find(run)).isPresent()) {
            access.require(Action.TRACK, new Resource.Run(run));
        }
    }

    public LoggedModelView get(String id) {
        access.require(Action.READ, new Resource.LoggedModel(id));
        return catalog.read(tx -> view(tx, id));
    }

    /**
     * Says how the upload of its files ended.
     *
     * @param status {@code READY} or {@code UPLOAD_FAILED}
     */
    public LoggedModelView finish(String id, LoggedModelStatus status) {
        access.require(Action.TRACK, new Resource.LoggedModel(id));
        if (status == LoggedModelStatus.PENDING) {
            throw ProblemException.invalid(
                    "status", "A logged model is finished as ready, or as one whose upload failed.");
        }
        return change(id, (tx, model) -> tx.loggedModels().update(model.withStatus(status)));
    }

    /** Deletes a model. The deleted model is kept, and so are its files. */
    public void delete(String id, Actor actor) {
        access.require(Action.DELETE, new Resource.LoggedModel(id));
        Instant now = clock.instant();
        Change change = actor.change(now, "");
        catalog.write(tx -> {
            LoggedModel model = require(tx, id);
            long at = now.toEpochMilli();
            tx.loggedModels().update(model.withUpdatedAt(at).withDeletedAt(OptionalLong.of(at)));
            tx.audit().append(change, "logged-model.delete", "logged model " + id, Json.object());
            return true;
        });
    }

    public LoggedModelView setTags(String id, List<KeyValue> tags) {
        access.require(Action.TRACK, new Resource.LoggedModel(id));
        refuseMore("tags", tags);
        List<KeyValue> checked = tags.stream().map(Checks::tag).toList();
        return change(
                id, (tx, model) -> checked.forEach(tag -> tx.loggedModels().setTag(id, tag)));
    }

    public void deleteTag(String id, String key) {
        access.require(Action.TRACK, new Resource.LoggedModel(id));
        change(id, (tx, model) -> {
            if (!tx.loggedModels().deleteTag(id, key)) {
                throw ProblemException.missing(
                        "tag of logged model " + id,
                        key,
                        "The logged model " + id + " has no tag " + Quoted.of(key) + ".");
            }
        });
    }

    /** Adds parameters. One is written once; the same value again changes nothing. */
    public void addParams(String id, List<KeyValue> params) {
        access.require(Action.TRACK, new Resource.LoggedModel(id));
        refuseMore("params", params);
        List<KeyValue> checked = params.stream().map(Checks::param).toList();
        change(id, (tx, model) -> checked.forEach(param -> param(tx, id, param)));
    }

    private static void param(CatalogTransaction tx, String id, KeyValue param) {
        Optional<String> now = tx.loggedModels().param(id, param.key());
        if (now.isEmpty()) {
            tx.loggedModels().insertParam(id, param);
        } else if (!now.get().equals(param.value())) {
            throw ProblemException.invalid(
                    "params",
                    "Changing param values is not allowed. The model " + id + " has another value for "
                            + Quoted.of(param.key()) + " already.");
        }
    }

    private static void refuseMore(String what, List<KeyValue> entries) {
        if (entries.size() > MOST_ENTRIES) {
            throw ProblemException.invalid(what, "At most " + MOST_ENTRIES + " " + what + " are taken at once.");
        }
    }

    @FunctionalInterface
    private interface Act {
        void apply(CatalogTransaction tx, LoggedModel model);
    }

    /** The time of the change is kept with it. */
    private LoggedModelView change(String id, Act act) {
        return catalog.write(tx -> {
            LoggedModel model = require(tx, id).withUpdatedAt(clock.millis());
            tx.loggedModels().update(model);
            act.apply(tx, model);
            return view(tx, id);
        });
    }

    /** An active one. */
    static LoggedModel require(CatalogTransaction tx, String id) {
        Checks.loggedModel(id);
        return tx.loggedModels()
                .find(id)
                .filter(LoggedModel::active)
                .orElseThrow(() -> new Resource.LoggedModel(id).missing());
    }

    private static LoggedModelView view(CatalogTransaction tx, String id) {
        return LoggedModelView.of(tx, List.of(require(tx, id))).getFirst();
    }
}
