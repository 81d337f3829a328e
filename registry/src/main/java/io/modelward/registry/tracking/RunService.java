package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Begins, shows, ends, deletes and restores runs. */
public final class RunService {

    /** The tag that repeats a run's name. */
    static final String NAME_TAG = "mlflow.runName";

    private static final int ID_BYTES = 16;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final RandomGenerator random;

    public RunService(Access access, Catalog catalog, InstantSource clock, RandomGenerator random) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.random = random;
    }

    /** A run to begin. */
    public record NewRun(
            String experiment, String user, Optional<String> name, OptionalLong startTime, List<KeyValue> tags) {}

    public RunView create(NewRun asked) {
        access.require(Action.TRACK, new Resource.WithinExperiment(asked.experiment()));
        long experiment = Checks.experiment(asked.experiment());
        List<KeyValue> tags =
                new ArrayList<>(asked.tags().stream().map(Checks::tag).toList());
        Optional<String> tagged = KeyValue.valueOf(tags, NAME_TAG);
        Optional<String> named = asked.name().filter(name -> !name.isEmpty());
        if (named.isPresent() && tagged.isPresent() && !named.equals(tagged)) {
            throw ProblemException.invalid(
                    "run_name",
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values.");
        }
        String name = named.or(() -> tagged.filter(text -> !text.isEmpty())).orElseGet(() -> RunNames.next(random));
        tags.removeIf(tag -> tag.key().equals(NAME_TAG));
        tags.add(Checks.tag(new KeyValue(NAME_TAG, name)));
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        long start = asked.startTime().orElse(clock.millis());
        Optional<String> maker = Checks.maker();
        return catalog.write(tx -> {
            var home = ExperimentService.require(tx, experiment);
            ExperimentService.requireState(home, true);
            maker.ifPresent(subject -> tx.access().madeBy("run:" + id, subject));
            tx.runs()
                    .insert(new Run(
                            id,
                            experiment,
                            tags.getLast().value(),
                            asked.user(),
                            RunStatus.RUNNING,
                            start,
                            OptionalLong.empty(),
                            home.artifactLocation() + "/" + id + "/artifacts",
                            OptionalLong.empty()));
            tags.forEach(tag -> tx.runData().setTag(id, tag));
            return view(tx, id);
        });
    }

    public RunView get(String id) {
        access.require(Action.READ, new Resource.Run(id));
        Checks.run(id);
        return catalog.read(tx -> view(tx, id));
    }

    /** Several runs, in the order in which they are named. */
    public List<RunView> all(List<String> ids) {
        ids.forEach(id -> access.require(Action.READ, new Resource.Run(id)));
        return catalog.read(tx ->
                RunView.of(tx, ids.stream().map(id -> require(tx, id)).toList()));
    }

    /** A run without what it logged. */
    public Run run(String id) {
        access.require(Action.READ, new Resource.Run(id));
        return catalog.read(tx -> require(tx, id));
    }

    /** Changes the members that are given. A run that goes on again has no end. */
    public Run update(String id, Optional<RunStatus> status, OptionalLong endTime, Optional<String> name) {
        access.require(Action.TRACK, new Resource.Run(id));
        Optional<String> newName = name.filter(text -> !text.isEmpty())
                .map(text -> Checks.tag(new KeyValue(NAME_TAG, text)).value());
        return catalog.write(tx -> {
            Run run = requireActive(tx, id);
            boolean goesOn = status.isPresent() && !status.get().ended();
            OptionalLong end = endTime.isPresent() ? endTime : goesOn ? OptionalLong.empty() : run.endTime();
            Run after = run.withName(newName.orElse(run.name())).withStatus(status.orElse(run.status()), end);
            tx.runs().update(after);
            newName.ifPresent(text -> tx.runData().setTag(id, new KeyValue(NAME_TAG, text)));
            return after;
        });
    }

    /** Deletes a run. A deleted run is kept and can be restored. */
    public void delete(String id, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Run(id));
        turn(id, true, actor, reason);
    }

    public void restore(String id, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Run(id));
        turn(id, false, actor, reason);
    }

    /** A run that is in the wanted state already stays as it is. */
    private void turn(String id, boolean delete, Actor actor, String reason) {
        Instant now = clock.instant();
        Change change = actor.change(now, reason);
        catalog.write(tx -> {
            Run run = require(tx, id);
            if (run.active() == delete) {
                OptionalLong deletedAt = delete ? OptionalLong.of(now.toEpochMilli()) : OptionalLong.empty();
                if (!delete) {
                    ExperimentService.requireState(ExperimentService.require(tx, run.experiment()), true);
                }
                tx.runs().update(run.withDeletedAt(deletedAt));
                tx.audit().append(change, delete ? "run.delete" : "run.restore", "run " + id, Json.object());
            }
            return true;
        });
    }

    static Run require(CatalogTransaction tx, String id) {
        Checks.run(id);
        return tx.runs().find(id).orElseThrow(() -> new Resource.Run(id).missing());
    }

    static Run requireActive(CatalogTransaction tx, String id) {
        Run run = require(tx, id);
        if (!run.active()) {
            throw ProblemException.inState(
                    "run_id", "run is deleted", id, "The run " + id + " is deleted. Bring it back first.");
        }
        return run;
    }

    static void setTag(CatalogTransaction tx, String id, KeyValue tag) {
        tx.runData().setTag(id, tag);
        if (tag.key().equals(NAME_TAG)) {
            tx.runs().update(require(tx, id).withName(tag.value()));
        }
    }

    private static RunView view(CatalogTransaction tx, String id) {
        return RunView.of(tx, List.of(require(tx, id))).getFirst();
    }
}
