package io.modelward.registry.retention;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.retention.KeepReason;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionPlan;
import io.modelward.core.retention.RetentionPlan.Verdict;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.retention.VersionFacts;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows what the rule in force does to a model's versions, does it, and holds versions against it. */
public final class RetentionService {

    /** The most versions that one call deletes. */
    public static final int MOST = 10_000;

    private static final int MOST_SHOWN = 1000;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final RetentionFacts facts;
    private final RetentionRun run;
    private final ModelWatch watch;

    /** @param watch is told of deletions, after their commit */
    RetentionService(
            Access access,
            Catalog catalog,
            InstantSource clock,
            RetentionFacts facts,
            RetentionRun run,
            ModelWatch watch) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.facts = facts;
        this.run = run;
        this.watch = watch;
    }

    /** A person's hold on a version. */
    public record Hold(PublishedVersion version, Change change) {}

    /** A version that a rule deleted. */
    public record Buried(PublishedVersion version, Tombstone tombstone) {}

    /**
     * How a model's versions are kept.
     *
     * @param rule the one in force; empty: nothing is deleted by a rule
     * @param deleted what rules deleted, the newest deletion first
     */
    public record Standing(
            ModelName model, Optional<RetentionRules.Named> rule, List<Hold> holds, List<Buried> deleted) {}

    /**
     * What the rule in force would do now.
     *
     * @param rule empty: nothing is deleted
     */
    public record Preview(ModelName model, Optional<RetentionRules.Named> rule, RetentionPlan plan, Instant at) {}

    /**
     * What a run did.
     *
     * @param deleted the highest first
     * @param left how many more go by the next run
     */
    public record Done(ModelName model, List<VersionFacts> deleted, int left, Instant undeleteUntil) {}

    private record Planned(RegisteredModel model, Optional<KeptRule> rule, RetentionPlan plan) {}

    public Standing standing(ModelName name) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            List<Long> held = tx.retention().held(model.id());
            Map<Long, Change> holds = tx.retention().holds(held);
            return new Standing(
                    model.name(),
                    RetentionFacts.inForce(tx, model).map(rule -> RetentionRules.named(tx, rule)),
                    held.stream()
                            .limit(MOST_SHOWN)
                            .flatMap(id -> Optional.ofNullable(holds.get(id))
                                    .flatMap(change -> tx.versions().find(id).map(row -> new Hold(row, change)))
                                    .stream())
                            .toList(),
                    tx.retention().tombstones(model.id(), MOST_SHOWN).stream()
                            .flatMap(tombstone -> tx.versions().find(tombstone.version()).stream()
                                    .map(row -> new Buried(row, tombstone)))
                            .toList());
        });
    }

    /** What is kept of a version that a rule deleted. */
    public Buried tombstone(ModelName name, SemVer number) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            PublishedVersion version = VersionResolver.kept(tx, model.id(), name, number);
            return tx.retention()
                    .tombstone(version.summary().id())
                    .map(tombstone -> new Buried(version, tombstone))
                    .orElseThrow(() -> ProblemException.notFound(
                            name + "@" + number + " was not deleted by a rule of retention."));
        });
    }

    /** What a run would do now. It names no endpoint, model or run that the caller may not look at. */
    public Preview preview(ModelName name) {
        access.require(Action.READ, new Resource.Model(name));
        Instant now = clock.instant();
        record Found(Planned planned, Optional<RetentionRules.Named> rule) {}
        Found found = catalog.read(tx -> {
            Planned planned = plan(tx, VersionResolver.requireModel(tx, name), now);
            return new Found(planned, planned.rule().map(rule -> RetentionRules.named(tx, rule)));
        });
        RetentionPlan plan = found.planned().plan();
        return new Preview(
                found.planned().model().name(),
                found.rule(),
                new RetentionPlan(
                        plan.rule(), plan.verdicts().stream().map(this::shown).toList()),
                now);
    }

    private Planned plan(CatalogTransaction tx, RegisteredModel model, Instant now) {
        Optional<KeptRule> rule = RetentionFacts.inForce(tx, model);
        return new Planned(model, rule, facts.plan(tx, model, rule, now));
    }

    private Verdict shown(Verdict verdict) {
        return access.off()
                ? verdict
                : new Verdict(
                        verdict.facts(),
                        verdict.reasons().stream()
                                .map(reason -> maySee(reason) ? reason : new KeepReason(reason.why(), ""))
                                .distinct()
                                .toList(),
                        verdict.goes());
    }

    private boolean maySee(KeepReason reason) {
        return switch (reason.why()) {
            case LIVE, ROLLOUT, QUARANTINE -> access.allows(Action.READ, new Resource.Endpoint(reason.detail()));
            case RUN -> access.allows(Action.READ, new Resource.Run(reason.detail()));
            case PARENT ->
                reason.detail().indexOf('@') < 0
                        || access.allows(
                                Action.READ,
                                new Resource.Model(ModelName.parse(reason.detail()
                                        .substring(0, reason.detail().indexOf('@')))));
            case USED -> false;
            default -> true;
        };
    }

    /**
     * Deletes what the rule in force says.
     *
     * @param fingerprint of the preview that the caller decided on; empty: whatever goes now
     * @param confirmed whether the caller knows that most versions go
     * @throws ProblemException REFUSED when no rule is in force, or nearly everything goes and it is not confirmed;
     *     PRECONDITION_FAILED when other versions go than those of the preview
     */
    public Done run(ModelName name, Optional<String> fingerprint, boolean confirmed, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        Planned planned = catalog.read(tx -> plan(tx, VersionResolver.requireModel(tx, name), change.at()));
        RetentionPlan plan = planned.plan();
        if (planned.rule().isEmpty()) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "No rule of retention is in force for " + name + ". Set one, and look at the preview.")
                    .exception();
        }
        if (fingerprint.filter(one -> !one.equals(plan.fingerprint())).isPresent()) {
            throw Problem.of(
                            ProblemType.PRECONDITION_FAILED,
                            "Other versions of " + name
                                    + " would be deleted now than when you looked. Look at the preview again.")
                    .with("fingerprint", plan.fingerprint())
                    .exception();
        }
        requireConfirmed(plan, name, confirmed);
        return done(planned, change, MOST);
    }

    private static void requireConfirmed(RetentionPlan plan, ModelName name, boolean confirmed) {
        if (plan.nearlyEverything() && !confirmed) {
            int gone = plan.deletions().size();
            boolean half = gone * 2 > plan.verdicts().size();
            throw Problem.field(
                            ProblemType.REFUSED,
                            "confirm",
                            "The rule deletes " + gone + " of the "
                                    + plan.verdicts().size() + " versions of " + name
                                    + ": " + (half ? "more than half" : "all that a rule may delete")
                                    + ". Look at the preview, and confirm with confirm, on the command line --yes.")
                    .with("versions", gone)
                    .with("of", plan.verdicts().size())
                    .exception();
        }
    }

    private Done done(Planned planned, Change change, int most) {
        try {
            List<VersionFacts> deleted =
                    run.delete(planned.model().id(), RetentionRun.ids(planned.plan()), change, most);
            int left = deleted.size() < most ? 0 : planned.plan().deletions().size() - deleted.size();
            return new Done(planned.model().name(), deleted, Math.max(0, left), run.undeleteUntil(change));
        } finally {
            watch.changed();
        }
    }

    /**
     * Does for one model what the server does by itself: nothing where a person must confirm.
     *
     * @param most how many versions go at most
     * @return how many went; empty: a person must confirm
     */
    Optional<Integer> runByItself(ModelId id, int most) {
        Change change = Actor.SERVER.change(clock.instant(), "by the rule of retention");
        Optional<Planned> planned = catalog.read(
                tx -> tx.models().find(id).filter(RegisteredModel::active).map(model -> plan(tx, model, change.at())));
        if (planned.isEmpty() || planned.get().plan().deletions().isEmpty()) {
            return Optional.of(0);
        }
        return planned.get().plan().nearlyEverything()
                ? Optional.empty()
                : Optional.of(done(planned.get(), change, most).deleted().size());
    }

    /**
     * Holds a version, so that neither a rule nor a person deletes it. Holding it again changes nothing.
     *
     * @throws ProblemException INVALID without a reason; CONFLICT when the bytes of the version are gone
     */
    public void hold(ModelName name, SemVer number, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), needed(reason));
        catalog.write(tx -> {
            PublishedVersion version = kept(tx, name, number);
            long id = version.summary().id();
            if (tx.retention().tombstone(id).flatMap(Tombstone::purgedAt).isPresent()) {
                throw ProblemException.conflict(
                        name + "@" + number + " was deleted and its bytes are gone, so it cannot be held.");
            }
            if (!tx.retention().holds(List.of(id)).containsKey(id)) {
                tx.retention().hold(id, change);
                audit(tx, change, "version.hold", version);
            }
            return true;
        });
    }

    /** Lets go of a version that was held; of one that is not, nothing changes. */
    public void release(ModelName name, SemVer number, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), needed(reason));
        catalog.write(tx -> {
            PublishedVersion version = kept(tx, name, number);
            if (tx.retention().release(version.summary().id())) {
                audit(tx, change, "version.release", version);
            }
            return true;
        });
    }

    private static PublishedVersion kept(CatalogTransaction tx, ModelName name, SemVer number) {
        RegisteredModel model = VersionResolver.requireModel(tx, name);
        return VersionResolver.kept(tx, model.id(), name, number);
    }

    private static String needed(String reason) {
        if (reason.isBlank()) {
            throw ProblemException.invalid("reason", "A reason is needed: say why the version is held or let go.");
        }
        return reason;
    }

    private static void audit(CatalogTransaction tx, Change change, String action, PublishedVersion version) {
        tx.audit()
                .append(
                        change,
                        action,
                        version.summary().model().toString(),
                        Json.object()
                                .put("model_id", version.summary().modelId().value())
                                .put("version", version.summary().version().toString()));
    }
}
