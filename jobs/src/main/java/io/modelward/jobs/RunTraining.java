package io.modelward.jobs;

import io.modelward.core.access.Principal;
import io.modelward.core.card.Card;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.MetricGate;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.registry.publish.TrainingRuns;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What versions are that runs publish: by the job's bump, held to the job's gates, and known as the run's. */
final class RunTraining implements TrainingRuns {

    /** The alias of the version that others are held against. */
    private static final String CHAMPION = "champion";

    private final RunTokens tokens;

    RunTraining(RunTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Optional<TrainingRun> of(Principal caller) {
        return tokens.runOf(caller).map(Publishing::new);
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

    private static final class Publishing implements TrainingRun {

        private final String id;
        private List<MetricGate.Result> results = List.of();
        private OptionalLong parent = OptionalLong.empty();
        private boolean held;

        private Publishing(String id) {
            this.id = id;
        }

        private JobRun running(CatalogTransaction tx) {
            return tx.jobs()
                    .run(id)
                    .filter(row -> row.progress().state() == JobRunState.RUNNING)
                    .orElseThrow(
                            () -> Problem.of(ProblemType.CONFLICT, "The run has ended, and publishes nothing more.")
                                    .exception());
        }

        @Override
        public void requireOwn(CatalogTransaction tx, ModelName name) {
            JobRun run = running(tx);
            RegisteredModel own = tx.models()
                    .find(new ModelId(run.modelId()))
                    .filter(RegisteredModel::active)
                    .orElseThrow(() -> ProblemException.refused(
                            "model",
                            "The model of the job " + run.job()
                                    + " was deleted, so its run publishes nothing. Bring the model back, and run the"
                                    + " job again."));
            boolean same = tx.models()
                    .find(name)
                    .filter(model -> model.id().equals(own.id()))
                    .isPresent();
            if (!same) {
                throw otherModel(run, own.name());
            }
        }

        private static void requireOwn(CatalogTransaction tx, JobRun run, ModelId model) {
            if (model.value() != run.modelId()) {
                throw otherModel(
                        run, JobBrowser.model(tx, run.modelId(), run.plan().model()));
            }
        }

        private static ProblemException otherModel(JobRun run, ModelName own) {
            return ProblemException.refused(
                    "model",
                    "A run of the job " + run.job() + " publishes versions of its own model only, which is called "
                            + own + " now. If the model was renamed while the run was at work, run the job again:"
                            + " each run is told the name as MODELWARD_MODEL.");
        }

        @Override
        public Admission admit(CatalogTransaction tx, RegisteredModel model, Card card) {
            JobRun run = running(tx);
            requireOwn(tx, run, model.id());
            Optional<Map<String, Double>> before = champion(tx, model).map(version -> metrics(version.shownCard()));
            Map<String, Double> metrics = metrics(card.asSent());
            Optional<SemVer> again = asked(tx, run).map(version -> version.ref().version());
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

        /**
         * The version that the run makes once more; empty for a run that makes a version of its own.
         *
         * @throws ProblemException when the run is to make a version once more, and nobody knows any more which one:
         *     the run has no gates, so that what it publishes must not be taken for a version of the job
         */
        private static Optional<PublishedVersion> asked(CatalogTransaction tx, JobRun run) {
            if (run.trigger() != JobTrigger.REPRODUCE) {
                return Optional.empty();
            }
            return Optional.of(tx.reproductions()
                    .find(run.id())
                    .flatMap(reproduction -> tx.versions().find(reproduction.version()))
                    .orElseThrow(() -> ProblemException.refused(
                            "version",
                            "The version that run " + run.number()
                                    + " was to make once more is not known any more, so the run publishes nothing.")));
        }

        @Override
        public void found(CatalogTransaction tx, PublishedVersion version) {
            JobRun run = running(tx);
            requireOwn(tx, run, version.ref().modelId());
            // A run may find several; the one that it is to make once more is not forgotten for a later one.
            boolean kept = asked(tx, run)
                    .map(first -> first.ref().version().toString())
                    .filter(first -> tx.jobs().found(id).filter(first::equals).isPresent())
                    .isPresent();
            if (!kept) {
                tx.jobs().found(id, version.ref().version().toString());
            }
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
