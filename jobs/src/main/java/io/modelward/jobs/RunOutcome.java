package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.access.Principal;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.jobs.JobView.Trained;
import io.modelward.registry.Actor;
import io.modelward.runtime.job.JobRunner;
import io.modelward.store.catalog.Catalog;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of a run, in a state and a sentence, and the rollouts that it leads to. */
final class RunOutcome {

    private static final Logger LOG = LoggerFactory.getLogger(RunOutcome.class);

    private final Catalog catalog;
    private final RunTokens tokens;
    private final Consumer<RolloutService.RolloutStart> rollouts;
    private final Function<ModelName, List<EndpointName>> serving;
    private final ReproductionEnd reproductions;
    private final InstantSource clock;

    /**
     * @param tokens knows in whose name owners of jobs act
     * @param serving the endpoints that a model serves
     */
    RunOutcome(
            Catalog catalog,
            RunTokens tokens,
            Consumer<RolloutService.RolloutStart> rollouts,
            Function<ModelName, List<EndpointName>> serving,
            ReproductionEnd reproductions,
            InstantSource clock) {
        this.catalog = catalog;
        this.tokens = tokens;
        this.rollouts = rollouts;
        this.serving = serving;
        this.reproductions = reproductions;
        this.clock = clock;
    }

    /** The run as it ended; starts the rollouts that it leads to. Asked again, it says the same and starts nothing more. */
    JobRun of(JobRun run, JobRunner.Ended end) {
        record Made(List<Trained> versions, Optional<String> found) {}
        Made made = catalog.read(
                tx -> new Made(JobBrowser.view(tx, run).versions(), tx.jobs().found(run.id())));
        List<Trained> versions = made.versions();
        Optional<String> found = made.found();
        String published = published(versions);
        JobRunState state = state(end, !versions.isEmpty() || found.isPresent());
        StringBuilder words = new StringBuilder();
        if (state == JobRunState.SUCCEEDED && run.trigger() == JobTrigger.REPRODUCE) {
            words.append(reproductions
                    .of(run, found)
                    .orElse("The version that it was to make once more is gone, so there is nothing to compare with."));
        } else if (state == JobRunState.SUCCEEDED) {
            words.append(published.isEmpty() ? "" : "It published " + published + ".");
            found.ifPresent(version -> words.append(words.isEmpty() ? "" : " ")
                    .append("What it made is the version ")
                    .append(version)
                    .append(" already."));
            words.append(rollouts(run, versions));
        } else if (end.how() == JobRunner.How.EXITED && end.code().equals(OptionalInt.of(0))) {
            words.append("The command ended with exit code 0 and published nothing.");
        } else {
            words.append(end.words()).append(published.isEmpty() ? "" : " It had published " + published + ".");
        }
        return run.with(run.progress()
                .endedAs(
                        state,
                        end.how() == JobRunner.How.EXITED ? end.code() : OptionalInt.empty(),
                        words.toString(),
                        clock.instant()));
    }

    private static JobRunState state(JobRunner.Ended end, boolean published) {
        return switch (end.how()) {
            case EXITED ->
                end.code().equals(OptionalInt.of(0)) && published ? JobRunState.SUCCEEDED : JobRunState.FAILED;
            case TIMED_OUT -> JobRunState.TIMED_OUT;
            case LIMITED, STOPPED, NOT_STARTED -> JobRunState.FAILED;
        };
    }

    /** The versions in words; empty when there are none. */
    static String published(List<Trained> versions) {
        return versions.stream()
                .map(one -> one.version().ref().version()
                        + (one.how().held() ? " as a pre-release, since " + failed(one) : "")
                        + (one.how().unchanged() ? ", whose files are those of the version before" : ""))
                .collect(Collectors.joining("; "));
    }

    private static String failed(Trained version) {
        return version.how().gates().stream()
                .filter(gate -> !gate.holds())
                .map(gate -> gate.gate() + " does not hold: " + gate.words())
                .collect(Collectors.joining("; "));
    }

    /** Starts the rollouts of the last version that no gate holds back and that changed something. */
    private String rollouts(JobRun run, List<Trained> versions) {
        Optional<RolloutPlan> plan = run.plan().rollout();
        Optional<VersionSummary> candidate = versions.stream()
                .filter(one -> !one.how().held() && !one.how().unchanged())
                .map(Trained::version)
                .max((a, b) -> a.ref().version().compareTo(b.ref().version()));
        if (plan.isEmpty() || candidate.isEmpty()) {
            return "";
        }
        ModelName model = candidate.get().ref().model();
        List<EndpointName> endpoints = run.plan().endpoint().map(List::of).orElseGet(() -> serving.apply(model));
        if (endpoints.isEmpty()) {
            return " No endpoint serves the model, so no rollout was started.";
        }
        StringBuilder words = new StringBuilder();
        for (EndpointName endpoint : endpoints) {
            words.append(rollout(run, plan.get(), candidate.get(), endpoint));
        }
        return words.toString();
    }

    private String rollout(JobRun run, RolloutPlan plan, VersionSummary candidate, EndpointName endpoint) {
        Principal owner = tokens.owner(run.asked().actor(), run.asked().verified());
        RolloutService.RolloutStart start = new RolloutService.RolloutStart(
                endpoint,
                Optional.of(candidate.ref().model()),
                Selector.parse(candidate.ref().version().toString()),
                plan,
                false,
                OptionalLong.empty(),
                Optional.of("job-run-" + run.id() + "-" + endpoint.value()),
                Json.write(PlanJson.write(plan)),
                Actor.of(owner),
                "Run " + run.number() + " of the job " + run.job() + " trained it.");
        try {
            Access.as(owner, () -> rollouts.accept(start));
            return " A rollout was started on " + endpoint.value() + ".";
        } catch (RuntimeException failure) {
            String why = failure instanceof ProblemException problem
                    ? problem.problem().detail()
                    : "The server's log says why.";
            LOG.warn("the rollout of a job's version was not started on {}: {}", endpoint.value(), failure.toString());
            return " No rollout was started on " + endpoint.value() + ": " + why;
        }
    }
}
