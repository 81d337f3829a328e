package io.modelward.registry.alias;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Moves aliases, by compare-and-set where the caller wants it, and keeps every move. */
public final class AliasService {

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final Failpoints failpoints;

    public AliasService(Access access, Catalog catalog, InstantSource clock, Failpoints failpoints) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.failpoints = failpoints;
    }

    /**
     * A move and the version it points to.
     *
     * @param version empty when the move deleted the alias
     */
    public record MoveView(AliasMove move, Optional<VersionSummary> version) {}

    /** An alias: where it points and, newest first, all its moves. */
    public record AliasView(MoveView current, List<MoveView> history) {}

    /** What the caller believes is current. */
    public sealed interface Expectation {

        /** Anything. */
        record Any() implements Expectation {}

        /** The alias does not exist. */
        record Absent() implements Expectation {}

        /** The alias exists. */
        record Present() implements Expectation {}

        /** The alias made this many moves. */
        record Sequence(long sequence) implements Expectation {}
    }

    public List<MoveView> list(ModelName model) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            ModelId id = VersionResolver.requireModel(tx, model).id();
            return tx.aliases().list(id).stream()
                    .map(pointer ->
                            view(tx, tx.aliases().latest(id, pointer.alias()).orElseThrow()))
                    .toList();
        });
    }

    public AliasView get(ModelName model, AliasName alias) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> get(tx, model, alias));
    }

    /** Points the alias to a version. Pointing it where it points already changes nothing. */
    public AliasView set(
            ModelName model, AliasName alias, Selector target, Expectation expected, Actor actor, String reason) {
        access.require(Action.RELEASE, new Resource.Model(model));
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> {
            VersionSummary version = VersionResolver.resolve(tx, model, target).summary();
            Optional<AliasMove> latest = tx.aliases().latest(version.modelId(), alias.value());
            OptionalLong now = latest.map(AliasMove::ordinal).orElse(OptionalLong.empty());
            if (now.isPresent() && now.getAsLong() == version.ordinal() && !(expected instanceof Expectation.Absent)) {
                return get(tx, model, alias);
            }
            check(tx, expected, latest);
            point(tx, VersionResolver.requireModel(tx, model), alias, version, change);
            return get(tx, model, alias);
        });
    }

    public void delete(ModelName model, AliasName alias, Expectation expected, Actor actor, String reason) {
        access.require(Action.RELEASE, new Resource.Model(model));
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> {
            get(tx, model, alias);
            RegisteredModel of = VersionResolver.requireModel(tx, model);
            Optional<AliasMove> latest = tx.aliases().latest(of.id(), alias.value());
            check(tx, expected, latest);
            remove(tx, of, alias, change);
            return true;
        });
    }

    /** Points the alias to a version in the caller's transaction, wherever it pointed before. */
    public void point(
            CatalogTransaction tx, RegisteredModel model, AliasName alias, VersionSummary version, Change change) {
        Optional<AliasMove> latest = tx.aliases().latest(model.id(), alias.value());
        OptionalLong now = latest.map(AliasMove::ordinal).orElse(OptionalLong.empty());
        if (now.isEmpty() || now.getAsLong() != version.ordinal()) {
            move(
                    tx,
                    model,
                    alias,
                    latest,
                    OptionalLong.of(version.ordinal()),
                    change,
                    version.version().toString());
        }
    }

    /** Removes the alias in the caller's transaction; one that is not there changes nothing. */
    public void remove(CatalogTransaction tx, RegisteredModel model, AliasName alias, Change change) {
        Optional<AliasMove> latest = tx.aliases().latest(model.id(), alias.value());
        if (latest.map(AliasMove::points).orElse(false)) {
            move(tx, model, alias, latest, OptionalLong.empty(), change, "");
        }
    }

    /** Removes all aliases that point to a version, in the caller's transaction. */
    public void drop(CatalogTransaction tx, RegisteredModel model, VersionSummary version, Change change) {
        for (String alias : tx.aliases().of(model.id(), version.ordinal())) {
            remove(tx, model, AliasName.parse(alias), change);
        }
    }

    private void move(
            CatalogTransaction tx,
            RegisteredModel of,
            AliasName alias,
            Optional<AliasMove> latest,
            OptionalLong ordinal,
            Change change,
            String version) {
        long sequence = latest.map(AliasMove::sequence).orElse(0L) + 1;
        tx.aliases().insert(new AliasMove(of.id(), alias.value(), sequence, ordinal, change));
        Events.aliasMoved(tx, of, alias.value(), ordinal, change);
        failpoints.pass("alias.before-audit");
        tx.audit()
                .append(
                        change,
                        ordinal.isPresent() ? "alias.set" : "alias.delete",
                        of.name().toString(),
                        Json.object()
                                .put("alias", alias.value())
                                .put("version", version)
                                .put("sequence", sequence));
    }

    private static void check(CatalogTransaction tx, Expectation expected, Optional<AliasMove> latest) {
        boolean exists = latest.map(AliasMove::points).orElse(false);
        boolean holds = switch (expected) {
            case Expectation.Any _ -> true;
            case Expectation.Absent _ -> !exists;
            case Expectation.Present _ -> exists;
            case Expectation.Sequence wanted -> exists && latest.get().sequence() == wanted.sequence();
        };
        if (!holds) {
            Problem problem = Problem.of(
                    ProblemType.PRECONDITION_FAILED,
                    exists
                            ? "The alias was changed meanwhile. Look at where it points now and decide again."
                            : "The alias does not exist.");
            throw (exists ? problem.with("current", current(tx, latest.get())) : problem).exception();
        }
    }

    private static Map<String, Object> current(CatalogTransaction tx, AliasMove move) {
        return Map.of(
                "version",
                view(tx, move)
                        .version()
                        .map(VersionSummary::version)
                        .map(SemVer::toString)
                        .orElse(""),
                "etag",
                "\"" + move.sequence() + "\"",
                "actor",
                move.change().actor());
    }

    private static AliasView get(CatalogTransaction tx, ModelName model, AliasName alias) {
        ModelId id = VersionResolver.requireModel(tx, model).id();
        List<MoveView> history = tx.aliases().history(id, alias.value()).stream()
                .map(move -> view(tx, move))
                .toList();
        if (history.isEmpty() || history.getFirst().version().isEmpty()) {
            throw ProblemException.missing("alias", alias.value(), model + " has no alias " + alias + ".");
        }
        return new AliasView(history.getFirst(), history);
    }

    private static MoveView view(CatalogTransaction tx, AliasMove move) {
        return new MoveView(
                move,
                move.ordinal().isPresent()
                        ? tx.versions()
                                .findByOrdinal(move.model(), move.ordinal().getAsLong())
                                .map(PublishedVersion::summary)
                        : Optional.empty());
    }
}
