package io.modelward.gateway.rollout;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutOrders;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.route.PresentNames;
import io.modelward.gateway.route.Revisions;
import io.modelward.gateway.route.RouteTable;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.model.ModelWatch;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Rollouts: starting them, telling them what to do, looking at them. */
public final class RolloutService {

    private static final int TICKS_AT_ONCE = 1000;

    private final Access access;
    private final Catalog catalog;
    private final RolloutDriver driver;
    private final RolloutOpener opener;
    private final ModelPool pool;
    private final RouteTable table;
    private final InstantSource clock;
    private final SeriesCache series = new SeriesCache();

    /** @param nanos the monotonic clock */
    public RolloutService(
            Access access,
            Catalog catalog,
            ModelPool pool,
            RouteTable table,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            Failpoints failpoints) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.pool = pool;
        this.table = table;
        RolloutCommits commits = new RolloutCommits(catalog, failpoints, clock);
        this.opener = new RolloutOpener(catalog, pool, table, random, nanos);
        this.driver = new RolloutDriver(
                catalog,
                commits,
                opener,
                nanos,
                driving -> new RolloutStarter(catalog, commits, opener, driving, random));
    }

    /** Drives the rollouts; the owner of the process starts, restores and closes it. */
    public RolloutDriver driver() {
        return driver;
    }

    /**
     * Starts a rollout, or queues it behind the one at work.
     *
     * @throws ProblemException NOT_FOUND, CONFLICT when the candidate serves already or was rolled back, REFUSED when
     *     it breaks the contract
     */
    public RolloutView start(RolloutStart start) {
        access.require(Action.RELEASE, new Resource.Endpoint(start.endpoint().value()));
        start.model().ifPresent(model -> access.require(Action.READ, new Resource.Model(model)));
        return find(driver.starter().start(start));
    }

    public RolloutView hold(String id, Actor actor, String reason) {
        return order(id, RolloutOrders::hold, actor, reason);
    }

    public RolloutView resume(String id, Actor actor, String reason) {
        return order(id, RolloutOrders::resume, actor, reason);
    }

    public RolloutView promote(String id, Actor actor, String reason) {
        return order(id, RolloutOrders::promote, actor, reason);
    }

    public RolloutView abort(String id, Actor actor, String reason) {
        return order(id, RolloutOrders::abort, actor, reason);
    }

    private RolloutView order(
            String id, BiFunction<Rollout, String, Optional<Transition>> order, Actor actor, String reason) {
        access.require(Action.RELEASE, new Resource.Rollout(id));
        driver.order(id, rollout -> order.apply(rollout, actor.name() + ": " + reason), actor, reason);
        return find(id);
    }

    /** @throws ProblemException NOT_FOUND */
    public RolloutView get(String id) {
        access.require(Action.READ, new Resource.Rollout(id));
        return find(id);
    }

    private RolloutView find(String id) {
        Optional<RolloutView> known = driver.find(id);
        if (known.isPresent()) {
            return known.get().rollout().state().ended() ? named(known.get()) : known.get();
        }
        RolloutRecord row = opener.require(id);
        LimitMonitor monitor = opener.monitor(row);
        RolloutView view =
                new RolloutView(row, row.rollout(), monitor.readings(), monitor.nonInferior(), Optional.empty());
        if (row.rollout().state().ended()) {
            driver.keep(view);
        }
        return named(view);
    }

    private RolloutView named(RolloutView view) {
        return catalog.read(tx -> {
            PresentNames names = new PresentNames(tx);
            return new RolloutView(
                    view.kept(),
                    names.of(view.rollout()),
                    view.readings(),
                    view.nonInferior(),
                    names.deletedAt(view.rollout().candidate()));
        });
    }

    /** A rollout in a list: without its evidence. */
    public static RolloutView brief(PresentNames names, RolloutRecord row) {
        return new RolloutView(
                row,
                names.of(row.rollout()),
                List.of(),
                false,
                names.deletedAt(row.rollout().candidate()));
    }

    /** To be told of models: their names live in what serves, and a rollout whose candidate is deleted ends. */
    public ModelWatch watch() {
        return new ChangedModels(catalog, pool, table, driver);
    }

    /** Those of an endpoint with a number below {@code before}, newest first. */
    public Page<RolloutView> list(EndpointName endpoint, long before, int size) {
        access.require(Action.READ, new Resource.Endpoint(endpoint.value()));
        return catalog.read(tx -> {
            Revisions.current(tx, endpoint);
            PresentNames names = new PresentNames(tx);
            return Page.of(
                    tx.rollouts().list(endpoint.value(), before, size + 1).stream()
                            .map(row -> brief(names, row))
                            .toList(),
                    size,
                    view -> Long.toString(view.kept().number()));
        });
    }

    /** The rollout as it is kept: its verdict is that of exactly its {@link #ticks}. */
    public RolloutRecord kept(String id) {
        access.require(Action.READ, new Resource.Rollout(id));
        RolloutRecord row = opener.require(id);
        return catalog.read(tx -> new PresentNames(tx).of(row));
    }

    /**
     * The next ticks with numbers above {@code after}, at most {@value #TICKS_AT_ONCE}; empty behind the last that
     * {@code kept} knows.
     */
    public List<ScoredTick> ticks(RolloutRecord kept, long after) {
        access.require(Action.READ, new Resource.Rollout(kept.rollout().id()));
        long to = Math.min(after + TICKS_AT_ONCE, kept.rollout().progress().lastTick());
        return catalog.read(tx -> {
            List<ScoredTick> ticks = new ArrayList<>();
            tx.rollouts().forEachTick(kept.rollout().id(), after, to, ticks::add);
            return ticks;
        });
    }

    /** How the evidence of a rollout grew, as far as it is kept. */
    public RolloutSeries.Series series(String id) {
        RolloutRecord kept = kept(id);
        return series.of(kept, after -> ticks(kept, after));
    }

    /**
     * The versions that were rolled back from an endpoint, a deleted one too, and may not serve there, newest first.
     */
    public List<Quarantine> quarantines(EndpointName endpoint) {
        access.require(Action.READ, new Resource.Endpoint(endpoint.value()));
        return catalog.read(tx -> {
            Revisions.requireKnown(tx, endpoint);
            PresentNames names = new PresentNames(tx);
            return tx.rollouts().quarantines(endpoint.value()).stream()
                    .map(one -> named(tx, names, one))
                    .toList();
        });
    }

    private static Quarantine named(CatalogTransaction tx, PresentNames names, Quarantine one) {
        return tx.rollouts()
                .find(one.rollout())
                .map(record -> one.named(names.of(record.rollout()).candidate().model()))
                .orElse(one);
    }

    /** Lets a version that was rolled back serve again; also on a deleted endpoint, which may be created again then. */
    public void release(EndpointName endpoint, SemVer version, Actor actor, String reason) {
        access.require(Action.RELEASE, new Resource.Endpoint(endpoint.value()));
        catalog.write(tx -> {
            Revisions.requireKnown(tx, endpoint);
            Quarantine quarantine = tx.rollouts().quarantines(endpoint.value()).stream()
                    .filter(one -> one.version().toString().equals(version.toString()))
                    .findFirst()
                    .orElseThrow(() -> Problem.field(
                                    ProblemType.NOT_FOUND,
                                    "version",
                                    "No version " + version + " is in quarantine on endpoint " + endpoint + ".")
                            .exception());
            var change = actor.change(clock.instant(), reason);
            tx.rollouts().release(endpoint.value(), quarantine.digest(), change.at());
            tx.audit()
                    .append(
                            change,
                            "quarantine.release",
                            "endpoint:" + endpoint,
                            Json.object()
                                    .put("rollout", quarantine.rollout())
                                    .put("model", quarantine.model().toString())
                                    .put("version", quarantine.version().toString())
                                    .put("digest", quarantine.digest().toString()));
            return true;
        });
    }

    /**
     * A wish to roll a version out.
     *
     * @param model empty: the model that serves now
     * @param supersede whether a rollout that is at work gives way; else this one waits for its end
     * @param idempotencyKey the same key and request start one rollout only
     * @param request the request's text, to know a repeated one
     */
    public record RolloutStart(
            EndpointName endpoint,
            Optional<ModelName> model,
            Selector candidate,
            RolloutPlan plan,
            boolean supersede,
            OptionalLong expectedRevision,
            Optional<String> idempotencyKey,
            String request,
            Actor actor,
            String reason) {}
}
