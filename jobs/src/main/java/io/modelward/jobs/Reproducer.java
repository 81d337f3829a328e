package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.job.JobCode;
import io.modelward.core.job.JobFile;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.Overlap;
import io.modelward.core.job.Reproduction;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.jobs.JobView.ReproductionView;
import io.modelward.jobs.JobView.RunView;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Has versions that runs of jobs published made once more, and tells what came of it. */
public final class Reproducer {

    /** Of one version that wait or are at work. */
    private static final int MOST_OPEN = 5;

    private static final int MOST_SHOWN = 100;

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Executor hashers;
    private final Runnable wake;
    private final ReentrantLock looking = new ReentrantLock(true);

    /**
     * @param hashers few platform threads: hashing must not take every core
     * @param wake has the scheduler look at once
     */
    Reproducer(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            InstantSource clock,
            RandomGenerator random,
            Executor hashers,
            Runnable wake) {
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
        this.random = random;
        this.hashers = hashers;
        this.wake = wake;
    }

    /** What a version was made of. */
    private record Recorded(PublishedVersion version, JobRun run) {}

    /**
     * Starts a run that makes a version once more, when all that the version was made of is there. Blocking: it hashes
     * code and data.
     *
     * @param tolerance by how much numbers may differ; see {@link io.modelward.core.job.Tolerance}
     * @throws ProblemException NOT_FOUND when no run of a job published the version; REFUSED, with {@code missing},
     *     when something that it was made of is not there any more
     */
    public RunView start(ModelName model, Selector selector, double tolerance, Actor actor, String reason) {
        access.require(Action.PUBLISH, new Resource.Model(model));
        access.require(Action.RELEASE, new Resource.Model(model));
        Change change = actor.change(clock.instant(), reason);
        // One after the other: code and data may be large, and what hashes them hashes uploads, too.
        looking.lock();
        try {
            Recorded recorded = catalog.read(tx -> {
                Recorded found = recorded(tx, model, selector);
                requireFew(tx, found.version());
                return found;
            });
            requireAll(recorded);
            RunView view = catalog.write(tx -> {
                // The number may mean another version by now.
                Recorded now = recorded(tx, model, selector);
                if (now.version().summary().id() != recorded.version().summary().id()) {
                    throw ProblemException.conflict("Another version has this name by now. Try again.");
                }
                return RunView.class.cast(queue(tx, now, tolerance, change));
            });
            wake.run();
            return view;
        } finally {
            looking.unlock();
        }
    }

    private static Recorded recorded(CatalogTransaction tx, ModelName model, Selector selector) {
        PublishedVersion version = VersionResolver.resolve(tx, model, selector);
        JobRun run = tx.jobs()
                .trained(version.summary().id())
                .flatMap(trained -> tx.jobs().run(trained.run()))
                .orElseThrow(() -> ProblemException.notFound(
                        "No job trained " + version.ref().reference()
                                + ", so the command, the code and the data that made it are not known. Versions that a job"
                                + " publishes can be reproduced."));
        Optional<Reproduction> copy = tx.reproductions().find(run.id());
        if (copy.isPresent()) {
            String first = tx.versions()
                    .find(copy.get().version())
                    .map(row -> row.ref().reference())
                    .orElse("another version");
            throw ProblemException.refused(
                    "version",
                    version.ref().reference() + " was made to reproduce " + first + ". Reproduce " + first + ".");
        }
        return new Recorded(version, run);
    }

    /** Refuses when something is not there, or is not what it was. */
    private void requireAll(Recorded recorded) {
        List<String> missing = new ArrayList<>();
        JobPlan plan = recorded.run().plan();
        look("the code", plan.code().archive(), missing);
        for (JobFile file : plan.data()) {
            look("the file " + file.name(), file.digest(), missing);
        }
        if (recorded.run().progress().lock().isEmpty()) {
            missing.add("the list of the packages that it ran with was not kept");
        }
        if (!missing.isEmpty()) {
            throw Problem.field(
                            ProblemType.REFUSED,
                            "version",
                            recorded.version().ref().reference() + " cannot be reproduced, since "
                                    + String.join("; ", missing) + ".")
                    .with("missing", missing)
                    .exception();
        }
    }

    private void look(String what, Digest digest, List<String> missing) {
        try {
            CompletableFuture.supplyAsync(() -> health(digest), hashers)
                    .join()
                    .ifPresent(wrong -> missing.add(what + " (" + digest + ") " + wrong));
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw failure;
        }
    }

    private Optional<String> health(Digest digest) {
        try {
            return switch (blobs.check(digest).state()) {
                case INTACT -> Optional.empty();
                case MISSING -> Optional.of("is not there any more");
                case DAMAGED -> Optional.of("is damaged");
            };
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void requireFew(CatalogTransaction tx, PublishedVersion version) {
        long open = tx.reproductions().of(version.summary().id(), MOST_SHOWN).stream()
                .flatMap(one -> tx.jobs().run(one.run()).stream())
                .filter(run -> !run.progress().state().ended())
                .count();
        if (open >= MOST_OPEN) {
            throw Problem.of(
                            ProblemType.OVERLOADED,
                            open + " runs that reproduce " + version.ref().reference()
                                    + " wait or are at work already. Wait for their ends.")
                    .with("retry_after", 60)
                    .exception();
        }
    }

    private RunView queue(CatalogTransaction tx, Recorded recorded, double tolerance, Change change) {
        PublishedVersion version = recorded.version();
        JobRun first = recorded.run();
        requireFew(tx, version);
        JobRun run = new JobRun(
                "%016x".formatted(random.nextLong()),
                tx.jobs().nextRun(),
                first.job(),
                first.modelId(),
                alone(first.plan()),
                JobTrigger.REPRODUCE,
                change.at(),
                change,
                JobRun.Progress.QUEUED);
        tx.jobs().insertRun(run);
        String owner = "run:" + run.id();
        JobCode code = run.plan().code();
        tx.jobs().nameBlob(code.archive(), owner, code.size());
        run.plan().data().forEach(file -> tx.jobs().nameBlob(file.digest(), owner, file.size()));
        tx.reproductions()
                .insert(new Reproduction(run.id(), version.summary().id(), Math.abs(tolerance), Optional.empty()));
        tx.audit()
                .append(
                        change,
                        "version.reproduce",
                        version.ref().reference(),
                        Json.object()
                                .put("run", run.id())
                                .put("digest", version.ref().digest().toString())
                                .put("tolerance", tolerance));
        return JobBrowser.view(tx, run);
    }

    /** The plan without what others would notice: no schedule, no gates, no rollout, no channels. */
    private static JobPlan alone(JobPlan plan) {
        return new JobPlan(
                plan.model(),
                Optional.empty(),
                plan.command(),
                plan.code(),
                plan.data(),
                plan.requirements(),
                plan.bump(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                plan.timeout(),
                plan.memory(),
                plan.disk(),
                plan.missed(),
                Overlap.QUEUE,
                plan.variables(),
                plan.seed(),
                List.of());
    }

    /** What came of making a version once more, newest first, the newest hundred. */
    public List<RunView> of(ModelName model, Selector selector) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            PublishedVersion version = VersionResolver.resolve(tx, model, selector);
            return tx.reproductions().of(version.summary().id(), MOST_SHOWN).stream()
                    .flatMap(one -> tx.jobs().run(one.run()).stream())
                    .map(run -> JobBrowser.view(tx, run))
                    .toList();
        });
    }

    /** What a run makes once more, as people see it; empty for any other run. */
    static Optional<ReproductionView> view(CatalogTransaction tx, JobRun run) {
        if (run.trigger() != JobTrigger.REPRODUCE) {
            return Optional.empty();
        }
        return tx.reproductions()
                .find(run.id())
                .flatMap(reproduction -> tx.versions()
                        .find(reproduction.version())
                        .map(version -> new ReproductionView(
                                version.ref(),
                                reproduction,
                                run.progress().state() == JobRunState.QUEUED
                                        || run.progress().state() == JobRunState.RUNNING)));
    }
}
