package io.modelward.gateway.trace;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.prediction.RecordPlace;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.PresentNames;
import io.modelward.gateway.route.RevisionView;
import io.modelward.registry.retention.RecordsPurge;
import io.modelward.registry.verify.Verification;
import io.modelward.registry.verify.Verifier;
import io.modelward.registry.version.VersionLookup;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.version.VersionService;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.prediction.PredictionLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Answers which model served a prediction, from the decision record and the catalog's history. */
public final class TraceService {

    private static final int AUDIT_ENTRIES = 1000;

    private final Access access;
    private final Catalog catalog;
    private final PredictionLog log;
    private final VersionLookup versions;
    private final Verifier verifier;
    private final ModelRuntime runtime;

    /** @param runtime says what computed a prediction */
    public TraceService(
            Access access,
            Catalog catalog,
            PredictionLog log,
            VersionLookup versions,
            Verifier verifier,
            ModelRuntime runtime) {
        this.access = access;
        this.catalog = catalog;
        this.log = log;
        this.versions = versions;
        this.verifier = verifier;
        this.runtime = runtime;
    }

    /**
     * A decision record with the names behind its numbers: those that the models have now.
     *
     * @param runtime what computed the prediction, by name
     */
    public record TracedDecision(
            PredictionId id, DecisionRecord record, String endpoint, RevisionView route, Arm arm, String runtime) {}

    /**
     * When a version was live on an endpoint.
     *
     * @param to empty while it still is
     * @param revision the route revision that made it live
     */
    public record Interval(Instant from, Optional<Instant> to, long revision) {}

    /** The whole answer; the rollout is the one that made the route revision, as it stands now. */
    public record Trace(
            TracedDecision decision,
            Optional<RolloutView> rollout,
            VersionService.VersionWithProvenance version,
            List<Interval> live,
            List<AuditEntry> audit,
            Optional<Verification> verification) {

        private Trace with(Verification found) {
            return new Trace(decision, rollout, version, live, audit, Optional.of(found));
        }
    }

    /** @throws ProblemException of kind NOT_FOUND when there is no record of this id */
    public TracedDecision decision(String id) {
        access.require(Action.AUDIT, new Resource.Prediction(id));
        PredictionId parsed = PredictionId.parse(id).orElseThrow(TraceService::unknown);
        PredictionLog.Found found = log.find(parsed);
        if (found.damaged()) {
            throw damaged(parsed);
        }
        DecisionRecord record = found.record()
                .orElseThrow(() -> RecordsPurge.removed(catalog, log, parsed)
                        .map(TraceService::removed)
                        .orElseGet(TraceService::unknown));
        return new DecisionNames(catalog, runtime)
                .of(parsed, record)
                .orElseThrow(() -> ProblemException.notFound("There is a record of this prediction, of "
                        + record.time() + ", and the catalog does not know the endpoint's revision that it names:"
                        + " the catalog is older than the record. Restore both from one back-up."));
    }

    /**
     * Which records are asked for; all that is empty is any.
     *
     * @param version a selector of a version of the model
     */
    public record RecordFilter(
            Optional<String> endpoint,
            Optional<ModelName> model,
            Optional<Selector> version,
            Optional<Instant> since,
            Optional<Instant> until,
            StatusRange status) {}

    /**
     * Some of the records before a place, newest first. There may be more when none was found: one look through the
     * files is bounded.
     *
     * @param next where the next look begins; empty when there are no more
     */
    public record Decisions(List<TracedDecision> found, Optional<RecordPlace> next) {}

    /**
     * Lists records.
     *
     * @throws ProblemException of kind NOT_FOUND when there is no such endpoint, model or version, and never was
     */
    public Decisions decisions(RecordFilter filter, Optional<RecordPlace> before, int most) {
        Reach reach = access.requireSome(Action.AUDIT);
        filter.endpoint().ifPresent(name -> access.require(Action.AUDIT, new Resource.Endpoint(name)));
        filter.model().ifPresent(name -> access.require(Action.AUDIT, new Resource.Model(name)));
        DecisionNames names = new DecisionNames(catalog, runtime);
        PredictionLog.Look look = log.look(
                before,
                new PredictionLog.RecordQuery(
                        filter.since().orElse(Instant.EPOCH),
                        filter.until().orElse(Instant.MAX),
                        catalog.read(tx -> matching(tx, filter, names)).and(within(reach, names))),
                most);
        return new Decisions(
                look.found().stream()
                        .flatMap(kept -> names.of(kept.id(), kept.record()).stream())
                        .toList(),
                look.next());
    }

    /**
     * The records that the caller may audit: of endpoints by their names, and those of the time at which the caller's
     * models served.
     */
    private static Predicate<DecisionRecord> within(Reach reach, DecisionNames names) {
        return reach.everything()
                ? record -> true
                : record -> names.place(record).filter(reach::covers).isPresent();
    }

    private static Predicate<DecisionRecord> matching(CatalogTransaction tx, RecordFilter filter, DecisionNames names) {
        Predicate<DecisionRecord> matches =
                record -> record.status() >= filter.status().least()
                        && record.status() <= filter.status().highest();
        if (filter.endpoint().isPresent()) {
            String endpoint = filter.endpoint().get();
            int number = tx.routes()
                    .known(endpoint)
                    .orElseThrow(() -> new Resource.Endpoint(endpoint)
                            .missing()
                            .guessing("There is no endpoint " + Quoted.of(endpoint) + ", and never was."))
                    .number();
            matches = matches.and(record -> record.endpoint() == number);
        }
        if (filter.model().isPresent()) {
            ModelName model = filter.model().get();
            ModelId id = tx.models()
                    .find(model)
                    .or(() -> tx.models().findDeleted(model))
                    .orElseGet(() -> VersionResolver.requireModel(tx, model))
                    .id();
            matches = matches.and(record ->
                    names.arm(record).filter(arm -> arm.modelId().equals(id)).isPresent());
            if (filter.version().isPresent()) {
                SemVer version = filter.version().get() instanceof Selector.Exact exact
                        ? exact.version()
                        : VersionResolver.resolve(tx, model, filter.version().get())
                                .summary()
                                .version();
                matches = matches.and(record -> names.arm(record)
                        .filter(arm -> arm.version().equals(version))
                        .isPresent());
            }
        }
        return matches;
    }

    /** @param verify whether to hash the version's stored bytes again */
    public Trace trace(String id, boolean verify) {
        TracedDecision decision = decision(id);
        Arm arm = decision.arm();
        VersionService.VersionWithProvenance version = versions.kept(arm.modelId(), arm.model(), arm.version());
        Trace trace = catalog.read(tx -> new Trace(
                decision,
                decision.route()
                        .kept()
                        .rolloutStep()
                        .flatMap(in -> tx.rollouts().find(in.rollout()))
                        .map(row -> RolloutService.brief(new PresentNames(tx), row)),
                version,
                live(tx, decision),
                audit(tx, decision, version.published().summary()),
                Optional.empty()));
        return verify ? trace.with(verifier.version(version.published().summary())) : trace;
    }

    private static List<Interval> live(CatalogTransaction tx, TracedDecision decision) {
        List<Interval> intervals = new ArrayList<>();
        Optional<RouteRevision> since = Optional.empty();
        Map<Long, Instant> deletions = new HashMap<>();
        tx.routes()
                .deletions(decision.endpoint())
                .forEach(deletion ->
                        deletions.put(deletion.revision(), deletion.change().at()));
        for (RouteRevision revision : tx.routes().allRevisions(decision.endpoint())) {
            boolean serves = revision.arms().stream().anyMatch(arm -> arm.weight() > 0 && arm.serves(decision.arm()));
            if (serves && since.isEmpty()) {
                since = Optional.of(revision);
            } else if (!serves && since.isPresent()) {
                intervals.add(
                        interval(since.get(), Optional.of(revision.change().at())));
                since = Optional.empty();
            }
            Instant deleted = deletions.get(revision.revision());
            if (deleted != null && since.isPresent()) {
                intervals.add(interval(since.get(), Optional.of(deleted)));
                since = Optional.empty();
            }
        }
        since.ifPresent(revision -> intervals.add(interval(revision, Optional.empty())));
        return intervals;
    }

    private static Interval interval(RouteRevision since, Optional<Instant> to) {
        return new Interval(since.change().at(), to, since.revision());
    }

    /** Who published the version and why, and every change of the endpoint that made it serve. */
    private static List<AuditEntry> audit(CatalogTransaction tx, TracedDecision decision, VersionSummary of) {
        String version = decision.arm().version().toString();
        List<AuditEntry> entries = new ArrayList<>();
        List<String> subjects = new ArrayList<>(List.of("endpoint:" + decision.endpoint()));
        subjects.addAll(names(tx, of));
        for (String subject : subjects) {
            tx.audit().list(Long.MAX_VALUE, AUDIT_ENTRIES, subject).stream()
                    .filter(entry -> isAbout(entry, version, of))
                    .forEach(entries::add);
        }
        entries.sort(Comparator.comparingLong(AuditEntry::sequence).reversed());
        return entries;
    }

    /** All names that the version's model has had. */
    private static Set<String> names(CatalogTransaction tx, VersionSummary of) {
        Set<String> names = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(of.model().toString()));
        while (!next.isEmpty()) {
            String name = next.remove();
            if (names.add(name)) {
                tx.audit().list(Long.MAX_VALUE, AUDIT_ENTRIES, name).stream()
                        .filter(entry -> entry.action().equals("model.rename"))
                        .map(AuditEntry::detail)
                        .filter(detail -> detail.path("model_id").asLong(0)
                                == of.modelId().value())
                        .forEach(detail -> next.add(detail.path("from").asString("")));
            }
        }
        return names;
    }

    private static boolean isAbout(AuditEntry entry, String version, VersionSummary of) {
        ObjectNode detail = entry.detail();
        return detail.path("version").asString("").equals(version)
                && detail.path("model_id").asLong(of.modelId().value())
                        == of.modelId().value();
    }

    private static ProblemException damaged(PredictionId id) {
        return Problem.of(
                        ProblemType.DAMAGED,
                        "The record of this prediction is damaged (" + id.place()
                                + "): its checksum does not fit its bytes, so nothing in it is believed. Ask an"
                                + " operator to run"
                                + " verify, which names all records that are damaged.")
                .exception();
    }

    private static ProblemException removed(Instant at) {
        return ProblemException.notFound("There is no record of this prediction: its record was removed by rule. The"
                + " setting retention.predictions had the records of its time removed at " + at
                + ". The audit log and the times at which versions were live are kept.");
    }

    private static ProblemException unknown() {
        return new Resource.Prediction("").missing();
    }
}
