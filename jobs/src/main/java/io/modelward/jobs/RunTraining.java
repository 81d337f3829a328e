package io.modelward.jobs;

import io.modelward.core.access.Principal;
import io.modelward.core.card.Card;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.MetricGate;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.SemVer;
import io.modelward.registry.publish.TrainingRuns;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What versions are that runs publish: by the job's bump, held to the job's gates, and known as the run's. */
final class RunTraining implements TrainingRuns {

    /** The alias of the version that others are held against. */
    private static final String CHAMPION = "champion";

    private final RunTokens tokens;
    /** What runs at work published that was there already, by the run. */
    private final Map<String, String> found = new ConcurrentHashMap<>();

    RunTraining(RunTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Optional<TrainingRun> of(Principal caller) {
        return tokens.runOf(caller).map(Publishing::new);
    }

    /** The version that a run made once more, and forgets it; empty when there is none. */
    Optional<String> takeFound(String run) {
        return Optional.ofNullable(found.remove(run));
    }

    /** The metrics that a card tells. */
    static Map<String, Double> metrics(JsonNode card) {
        Map<String, Double> metrics = new TreeMap<>();
        card.path("performance").properties().forEach(entry -> {
            if (entry.getValue().isNumber()) {
                metrics.put(entry.getKey(), entry.getValue().doubleValue());
            }
        });
        return metrics;
    }

    /** The version that others are held against: that of the alias champion, else the highest release. */
    static Optional<PublishedVersion> champion(CatalogTransaction tx, RegisteredModel model) {
        return tx.aliases()
                .latest(model.id(), CHAMPION)
                .map(AliasMove::ordinal)
                .filter(OptionalLong::isPresent)
                .flatMap(ordinal -> tx.versions().findByOrdinal(model.id(), ordinal.getAsLong()))
                .filter(PublishedVersion::active)
                .or(() -> parent(tx, model));
    }

    /** The highest release that is there. */
    static Optional<PublishedVersion> parent(CatalogTransaction tx, RegisteredModel model) {
        return tx.versions().highest(model.id(), version -> !version.isPreRelease());
    }

    private final class Publishing implements TrainingRun {

        private final String id;
        private List<MetricGate.Result> results = List.of();
        private OptionalLong parent = OptionalLong.empty();
        private boolean held;

        private Publishing(String id) {
            this.id = id;
        }

        @Override
        public Admission admit(CatalogTransaction tx, RegisteredModel model, Card card) {
            JobRun run = tx.jobs()
                    .run(id)
                    .filter(row -> row.progress().state() == JobRunState.RUNNING)
                    .orElseThrow(
                            () -> Problem.of(ProblemType.CONFLICT, "The run has ended, and publishes nothing more.")
                                    .exception());
            if (model.id().value() != run.modelId()) {
                throw ProblemException.refused(
                        "model", "A run of the job " + run.job() + " publishes versions of its own model only.");
            }
            Optional<Map<String, Double>> before = champion(tx, model).map(version -> metrics(version.shownCard()));
            Map<String, Double> metrics = metrics(card.asSent());
            Optional<SemVer> again = tx.reproductions()
                    .find(id)
                    .flatMap(reproduction -> tx.versions().find(reproduction.version()))
                    .map(version -> version.ref().version());
            results = run.plan().gates().stream()
                    .map(gate -> gate.judge(metrics, before))
                    .toList();
            Optional<String> why = results.stream().allMatch(MetricGate.Result::holds)
                    ? Optional.empty()
                    : Optional.of(results.stream()
                            .filter(result -> !result.holds())
                            .map(result -> result.gate() + " does not hold, since " + result.words())
                            .collect(Collectors.joining("; ")));
            held = why.isPresent();
            parent = parent(tx, model)
                    .map(version -> OptionalLong.of(version.summary().id()))
                    .orElse(OptionalLong.empty());
            int earlier = tx.jobs().versions(id).size();
            String kind = again.isPresent() ? "reproduced." : "held.";
            return new Admission(
                    run.plan().bump(), why, kind + run.number() + (earlier == 0 ? "" : "." + (earlier + 1)), again);
        }

        @Override
        public void found(PublishedVersion version) {
            found.put(id, version.ref().version().toString());
        }

        @Override
        public void published(CatalogTransaction tx, PublishedVersion version) {
            boolean unchanged = parent.isPresent()
                    && tx.versions()
                            .find(parent.getAsLong())
                            .map(row -> row.manifest()
                                    .files()
                                    .equals(version.manifest().files()))
                            .orElse(false);
            tx.jobs().published(new TrainedVersion(version.summary().id(), id, parent, held, unchanged, results));
        }
    }
}
