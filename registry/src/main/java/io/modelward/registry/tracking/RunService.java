package io.modelward.registry.tracking;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.Runs.Row;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Runs: begun, looked at, ended, deleted and brought back. */
public final class RunService {

    /** The tag that repeats a run's name. */
    static final String NAME_TAG = "mlflow.runName";

    private static final String RUNNING = "RUNNING";
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "KILLED");
    private static final int ID_BYTES = 16;

    private final Catalog catalog;
    private final InstantSource clock;
    private final RandomGenerator random;

    public RunService(Catalog catalog, InstantSource clock, RandomGenerator random) {
        this.catalog = catalog;
        this.clock = clock;
        this.random = random;
    }

    /** A run to begin. */
    public record NewRun(
            String experiment, String user, Optional<String> name, OptionalLong startTime, List<Entry> tags) {}

    public RunView create(NewRun asked) {
        long experiment = Checks.experiment(asked.experiment());
        List<Entry> tags =
                new ArrayList<>(asked.tags().stream().map(Checks::tag).toList());
        Optional<String> tagged = tags.stream()
                .filter(tag -> tag.key().equals(NAME_TAG))
                .map(Entry::value)
                .findFirst();
        Optional<String> named = asked.name().filter(name -> !name.isEmpty());
        if (named.isPresent() && tagged.isPresent() && !named.equals(tagged)) {
            throw ProblemException.invalid(
                    "run_name",
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values.");
        }
        String name = named.or(() -> tagged.filter(text -> !text.isEmpty())).orElseGet(() -> RunNames.next(random));
        tags.removeIf(tag -> tag.key().equals(NAME_TAG));
        tags.add(Checks.tag(new Entry(NAME_TAG, name)));
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        long start = asked.startTime().orElse(clock.millis());
        return catalog.write(tx -> {
            var home = ExperimentService.require(tx, experiment);
            ExperimentService.requireState(home, true);
            tx.runs()
                    .insert(new Row(
                            id,
                            experiment,
                            tags.getLast().value(),
                            asked.user(),
                            RUNNING,
                            start,
                            OptionalLong.empty(),
                            home.artifactLocation() + "/" + id + "/artifacts",
                            OptionalLong.empty()));
            tags.forEach(tag -> tx.runData().setTag(id, tag));
            return view(tx, id);
        });
    }

    public RunView get(String id) {
        Checks.run(id);
        return catalog.read(tx -> view(tx, id));
    }

    /** A run without what it logged. */
    public Row row(String id) {
        return catalog.read(tx -> require(tx, id));
    }

    /** Changes what is given. A run that goes on has no end. */
    public Row update(String id, Optional<String> status, OptionalLong endTime, Optional<String> name) {
        Optional<String> newName = name.filter(text -> !text.isEmpty())
                .map(text -> Checks.tag(new Entry(NAME_TAG, text)).value());
        return catalog.write(tx -> {
            Row run = requireActive(tx, id);
            boolean goesOn = status.isPresent() && !ENDED.contains(status.get());
            OptionalLong end = endTime.isPresent() ? endTime : goesOn ? OptionalLong.empty() : run.endTime();
            Row after = with(run, newName.orElse(run.name()), status.orElse(run.status()), end, run.deletedAt());
            tx.runs().update(after);
            newName.ifPresent(text -> tx.runData().setTag(id, new Entry(NAME_TAG, text)));
            return after;
        });
    }

    /** Deletes it; what is deleted is kept and can be restored. */
    public void delete(String id, Actor actor) {
        turn(id, true, actor);
    }

    public void restore(String id, Actor actor) {
        turn(id, false, actor);
    }

    /** One that is what it shall be already stays as it is. */
    private void turn(String id, boolean delete, Actor actor) {
        Instant now = clock.instant();
        Change change = actor.change(now, "");
        catalog.write(tx -> {
            Row run = require(tx, id);
            if (run.active() == delete) {
                OptionalLong deletedAt = delete ? OptionalLong.of(now.toEpochMilli()) : OptionalLong.empty();
                if (!delete) {
                    ExperimentService.requireState(ExperimentService.require(tx, run.experiment()), true);
                }
                tx.runs().update(with(run, run.name(), run.status(), run.endTime(), deletedAt));
                tx.audit().append(change, delete ? "run.delete" : "run.restore", "run " + id, Json.object());
            }
            return true;
        });
    }

    static Row require(CatalogTransaction tx, String id) {
        Checks.run(id);
        return tx.runs().find(id).orElseThrow(() -> ProblemException.notFound("Run with id=" + id + " not found"));
    }

    static Row requireActive(CatalogTransaction tx, String id) {
        Row run = require(tx, id);
        if (!run.active()) {
            throw ProblemException.invalid(
                    "run_id", "The run " + id + " must be in the 'active' state. Current state is deleted.");
        }
        return run;
    }

    static void setTag(CatalogTransaction tx, String id, Entry tag) {
        tx.runData().setTag(id, tag);
        if (tag.key().equals(NAME_TAG)) {
            Row run = require(tx, id);
            tx.runs().update(with(run, tag.value(), run.status(), run.endTime(), run.deletedAt()));
        }
    }

    /** A status as callers write it. */
    public static String status(String text) {
        String status = text.toUpperCase(Locale.ROOT);
        if (!ENDED.contains(status) && !status.equals(RUNNING) && !status.equals("SCHEDULED")) {
            throw ProblemException.invalid(
                    "status",
                    "There is no status " + Quoted.of(text)
                            + "; known are RUNNING, SCHEDULED, FINISHED, FAILED and KILLED.");
        }
        return status;
    }

    private static Row with(Row run, String name, String status, OptionalLong endTime, OptionalLong deletedAt) {
        return new Row(
                run.id(),
                run.experiment(),
                name,
                run.user(),
                status,
                run.startTime(),
                endTime,
                run.artifactUri(),
                deletedAt);
    }

    private static RunView view(CatalogTransaction tx, String id) {
        return RunView.of(tx, List.of(require(tx, id))).getFirst();
    }
}
