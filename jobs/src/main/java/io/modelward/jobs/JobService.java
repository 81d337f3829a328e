package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobCode;
import io.modelward.core.job.JobFile;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanJson;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.Overlap;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelName;
import io.modelward.jobs.JobView.RunView;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.data.SecretBox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Makes, changes, starts and stops jobs. */
public final class JobService {

    private static final int MOST = 1000;
    /** Runs of one job that may wait. */
    static final int MOST_QUEUED = 10;

    private final Access access;
    private final Catalog catalog;
    private final SecretBox secrets;
    private final JobBrowser browser;
    private final PlanCheck checks;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Runnable wake;

    /** @param wake has the scheduler look at once */
    JobService(
            Access access,
            Catalog catalog,
            SecretBox secrets,
            JobBrowser browser,
            PlanCheck checks,
            InstantSource clock,
            RandomGenerator random,
            Runnable wake) {
        this.access = access;
        this.catalog = catalog;
        this.secrets = secrets;
        this.browser = browser;
        this.checks = checks;
        this.clock = clock;
        this.random = random;
        this.wake = wake;
    }

    /** A job that was made or changed, and the key of its hook, which is told once. */
    public record Kept(JobView job, Optional<String> hookKey) {}

    /**
     * What a caller wants of a job beside its plan.
     *
     * @param secrets by name; empty: as they are
     * @param hook whether signed calls may start it; a new key is made; empty: as it is
     */
    public record Wish(Optional<Map<String, String>> secrets, Optional<Boolean> hook) {}

    /**
     * Makes a job.
     *
     * @throws ProblemException CONFLICT when there is one of the name; INVALID when a part of it cannot be
     */
    public Kept create(JobName name, JobPlan plan, Wish wish, Actor actor, String reason) {
        requireMaker(plan.model());
        checks.check(plan);
        Change change = actor.change(clock.instant(), reason);
        Optional<String> key = wish.hook().filter(wanted -> wanted).map(wanted -> newKey());
        // Sealing may make the key, a file, and so is done before the transaction.
        Optional<String> hidden = wish.secrets().flatMap(values -> seal(name, values));
        Optional<String> hook = key.map(text -> secrets.seal(hookOwner(name), text));
        JobView made = catalog.write(tx -> {
            if (tx.jobs().find(name).isPresent()) {
                throw ProblemException.conflict(
                        "There is a job " + name + " already. Change it, or give this one another name.");
            }
            if (tx.jobs().count() >= MOST) {
                throw Problem.of(
                                ProblemType.REFUSED,
                                "There are " + MOST + " jobs already. Delete one that nobody needs.")
                        .exception();
            }
            RegisteredModel model = VersionResolver.requireModel(tx, plan.model());
            JobPlan kept = withSizes(tx, plan);
            Job job = new Job(
                    name,
                    tx.jobs().nextNumber(),
                    model.id().value(),
                    kept,
                    change,
                    hidden,
                    hook,
                    false,
                    next(kept, change.at()),
                    change.at(),
                    1);
            tx.jobs().insert(job);
            nameFiles(tx, job);
            audit(tx, change, "job.create", job);
            return browser.view(tx, job);
        });
        wake.run();
        return new Kept(made, key);
    }

    /**
     * Changes a job; runs act in the name of whoever changed it last.
     *
     * @param expected the revision that the caller saw; empty: whichever it is
     * @throws ProblemException PRECONDITION_FAILED when the job was changed meanwhile
     */
    public Kept update(JobName name, JobPlan plan, Wish wish, OptionalLong expected, Actor actor, String reason) {
        requireMaker(plan.model());
        Job seen = browser.require(name, Action.RELEASE);
        checks.check(plan);
        Change change = actor.change(clock.instant(), reason);
        Optional<String> key = wish.hook().filter(wanted -> wanted).map(wanted -> newKey());
        Optional<String> hidden = wish.secrets().flatMap(values -> seal(name, values));
        Optional<String> hook = key.map(text -> secrets.seal(hookOwner(name), text));
        JobView kept = catalog.write(tx -> {
            Job before = JobBrowser.same(tx, seen);
            requireRevision(before, expected);
            RegisteredModel model = VersionResolver.requireModel(tx, plan.model());
            if (model.id().value() != before.modelId()) {
                throw ProblemException.refused(
                        "model", "A job keeps its model. Make another job for the model " + plan.model() + ".");
            }
            JobPlan whole = withSizes(tx, plan);
            Job job = new Job(
                    name,
                    before.number(),
                    before.modelId(),
                    whole,
                    change,
                    wish.secrets().isPresent() ? hidden : before.secrets(),
                    wish.hook().isPresent() ? hook : before.hook(),
                    before.paused(),
                    before.paused() ? Optional.empty() : next(whole, change.at()),
                    before.createdAt(),
                    before.revision() + 1);
            tx.jobs().update(job);
            tx.jobs().forgetBlobs(JobBrowser.owner(name));
            nameFiles(tx, job);
            audit(tx, change, "job.update", job);
            return browser.view(tx, job);
        });
        wake.run();
        return new Kept(kept, key);
    }

    private void requireMaker(ModelName model) {
        access.require(Action.PUBLISH, new Resource.Model(model));
        access.require(Action.RELEASE, new Resource.Model(model));
    }

    private static void requireRevision(Job job, OptionalLong expected) {
        if (expected.isPresent() && expected.getAsLong() != job.revision()) {
            throw Problem.of(
                            ProblemType.PRECONDITION_FAILED,
                            "The job was changed meanwhile: it is at revision " + job.revision()
                                    + ". Look at it again.")
                    .exception();
        }
    }

    /** The plan with the sizes of its files as they are; its files and channels must be there. */
    private static JobPlan withSizes(CatalogTransaction tx, JobPlan plan) {
        List<String> channels = tx.notificationChannels().list().stream()
                .map(NotificationChannel::name)
                .toList();
        for (String channel : plan.channels()) {
            if (!channels.contains(channel)) {
                throw ProblemException.invalid(
                        "notify",
                        "There is no channel " + Quoted.of(channel)
                                + " of notifications. An administrator makes one: modelward notify add.");
            }
        }
        List<JobFile> data = new ArrayList<>();
        for (JobFile file : plan.data()) {
            String field = "data[" + data.size() + "]";
            data.add(new JobFile(
                    file.name(),
                    file.digest(),
                    size(tx, file.digest(), file.size(), field + ".sha256", field + ".size")));
        }
        JobCode code = plan.code();
        JobPlan whole = new JobPlan(
                plan.model(),
                plan.schedule(),
                plan.command(),
                new JobCode(
                        code.archive(),
                        size(tx, code.archive(), code.size(), "code.archive", "code.size"),
                        code.repository(),
                        code.commit()),
                data,
                plan.requirements(),
                plan.bump(),
                plan.gates(),
                plan.rollout(),
                plan.endpoint(),
                plan.timeout(),
                plan.memory(),
                plan.disk(),
                plan.missed(),
                plan.overlap(),
                plan.variables(),
                plan.seed(),
                plan.channels());
        // What cannot be read again must not be kept.
        return JobPlanReader.read(JobPlanJson.write(whole));
    }

    /** @param told as the caller says; 0: the caller does not say */
    private static long size(CatalogTransaction tx, Digest digest, long told, String field, String sizeField) {
        long size = tx.jobs()
                .blobSize(digest)
                .orElseThrow(() -> ProblemException.invalid(
                        field, "No file with the digest " + digest + " was uploaded for jobs. Upload the file first."));
        if (told != 0 && told != size) {
            throw ProblemException.invalid(
                    sizeField,
                    sizeField + " is " + told + ", and the file that was uploaded has " + size
                            + " bytes. Leave the size out, or upload the whole file.");
        }
        return size;
    }

    private static void nameFiles(CatalogTransaction tx, Job job) {
        String owner = JobBrowser.owner(job.name());
        tx.jobs().nameBlob(job.plan().code().archive(), owner, job.plan().code().size());
        job.plan().data().forEach(file -> tx.jobs().nameBlob(file.digest(), owner, file.size()));
    }

    private Optional<String> seal(JobName name, Map<String, String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = Json.object();
        values.forEach(json::put);
        return Optional.of(secrets.seal(JobBrowser.owner(name), Json.write(json)));
    }

    private static String hookOwner(JobName name) {
        return "job-hook:" + name;
    }

    private String newKey() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Optional<Instant> next(JobPlan plan, Instant after) {
        return plan.schedule().flatMap(schedule -> schedule.next(after));
    }

    /** Forgets a job; its runs stay, and one that is at work goes on. */
    public void delete(JobName name, Actor actor, String reason) {
        access.requireSome(Action.RELEASE);
        Job seen = browser.require(name, Action.RELEASE);
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> {
            Job job = JobBrowser.same(tx, seen);
            for (JobRun run : tx.jobs().open(name, job.modelId())) {
                if (run.progress().state() == JobRunState.QUEUED) {
                    skip(tx, run, "The job was deleted.", change.at());
                }
            }
            tx.jobs().delete(name);
            tx.jobs().forgetBlobs(JobBrowser.owner(name));
            audit(tx, change, "job.delete", job);
            return true;
        });
    }

    /** Pauses a job, or lets it go on: then it is due at the next time of its schedule. */
    public JobView pause(JobName name, boolean paused, Actor actor, String reason) {
        access.requireSome(Action.RELEASE);
        Job seen = browser.require(name, Action.RELEASE);
        Change change = actor.change(clock.instant(), reason);
        JobView view = catalog.write(tx -> {
            Job job = JobBrowser.same(tx, seen);
            if (job.paused() == paused) {
                return browser.view(tx, job);
            }
            Job kept = job.withPaused(paused, paused ? Optional.empty() : next(job.plan(), change.at()));
            tx.jobs().update(kept);
            audit(tx, change, paused ? "job.pause" : "job.resume", kept);
            return browser.view(tx, kept);
        });
        wake.run();
        return view;
    }

    /**
     * Starts a run now, whatever the schedule says.
     *
     * @throws ProblemException CONFLICT when a run is at work and the job does not queue or replace
     */
    public RunView start(JobName name, Actor actor, String reason) {
        access.requireSome(Action.RELEASE);
        return start(browser.require(name, Action.RELEASE), JobTrigger.MANUAL, actor, reason, Optional.empty());
    }

    private RunView start(Job seen, JobTrigger trigger, Actor actor, String reason, Optional<String> proof) {
        JobName name = seen.name();
        Change change = actor.change(clock.instant(), reason);
        RunView view = catalog.write(tx -> {
            Job job = JobBrowser.same(tx, seen);
            Optional<JobRun> before = proof.flatMap(one -> tx.jobs().byCall(name, one));
            if (before.isPresent()) {
                return JobBrowser.view(tx, before.get());
            }
            if (!JobBrowser.modelIsThere(tx, job.modelId())) {
                throw ProblemException.refused(
                        "model",
                        "The model of the job " + name + " is deleted, so no run of the job could publish. Bring the"
                                + " model back, or delete the job.");
            }
            List<JobRun> open = tx.jobs().open(name, job.modelId());
            if (!open.isEmpty() && job.plan().overlap() == Overlap.SKIP) {
                throw ProblemException.conflict("A run of the job " + name
                        + " is at work. Wait for its end, stop it, or let the job queue or replace its runs.");
            }
            if (open.size() > MOST_QUEUED) {
                throw Problem.of(
                                ProblemType.OVERLOADED,
                                MOST_QUEUED + " runs of the job " + name + " wait already. Try again later.")
                        .with("retry_after", 60)
                        .exception();
            }
            JobRun run = queue(tx, job, trigger, change, change.at(), random);
            proof.ifPresent(one -> tx.jobs().called(run.id(), one));
            audit(tx, change, "job.run", job);
            return JobBrowser.view(tx, run);
        });
        wake.run();
        return view;
    }

    /** Writes a run that waits; with {@link Overlap#REPLACE}, what is at work is told to end. */
    static JobRun queue(
            CatalogTransaction tx, Job job, JobTrigger trigger, Change asked, Instant due, RandomGenerator random) {
        if (job.plan().overlap() == Overlap.REPLACE) {
            for (JobRun open : tx.jobs().open(job.name(), job.modelId())) {
                replace(tx, open, asked.at());
            }
        }
        JobRun run = new JobRun(
                "%016x".formatted(random.nextLong()),
                tx.jobs().nextRun(),
                job.name(),
                job.modelId(),
                job.plan(),
                trigger,
                due,
                // The one whose name the run acts in; the reason is of the one who asked.
                new Change(asked.at(), job.owner().actor(), job.owner().verified(), asked.reason()),
                JobRun.Progress.QUEUED);
        tx.jobs().insertRun(run);
        String owner = "run:" + run.id();
        tx.jobs().nameBlob(run.plan().code().archive(), owner, run.plan().code().size());
        run.plan().data().forEach(file -> tx.jobs().nameBlob(file.digest(), owner, file.size()));
        return run;
    }

    /** Ends a run that waits and never begins. */
    static void skip(CatalogTransaction tx, JobRun run, String why, Instant now) {
        tx.jobs()
                .updateRun(
                        run.with(run.progress().endedAs(JobRunState.SKIPPED, OptionalInt.empty(), why, now)),
                        JobRunState.QUEUED);
    }

    private static void replace(CatalogTransaction tx, JobRun open, Instant now) {
        String why = "a newer run takes its place";
        if (open.progress().state() == JobRunState.QUEUED) {
            skip(tx, open, "A newer run took its place.", now);
        } else {
            tx.jobs().stop(open.id(), why);
        }
    }

    /** Tells a run to end; one that waits never begins. */
    public RunView stop(String id, Actor actor, String reason) {
        access.requireSome(Action.RELEASE);
        JobRun seen = browser.requireRun(id, Action.RELEASE);
        Change change = actor.change(clock.instant(), reason);
        RunView view = catalog.write(tx -> {
            JobRun run = JobBrowser.same(tx, seen);
            if (run.progress().state().ended()) {
                return JobBrowser.view(tx, run);
            }
            if (run.progress().state() == JobRunState.QUEUED) {
                skip(tx, run, "Somebody stopped it before it began.", change.at());
            } else if (run.progress().state() == JobRunState.RUNNING) {
                tx.jobs().stop(id, "somebody stopped it");
            }
            tx.audit()
                    .append(
                            change,
                            "job.run.stop",
                            "job:" + run.job(),
                            Json.object().put("run", run.id()));
            return JobBrowser.view(tx, tx.jobs().run(id).orElse(run));
        });
        wake.run();
        return view;
    }

    /** A job that takes signed calls, and the key of the calls. */
    record Hooked(Job job, String key) {}

    /** The job and the key of the calls that start it from outside; empty when no such job takes calls. */
    Optional<Hooked> hooked(JobName name) {
        return catalog.read(tx -> tx.jobs().find(name))
                .flatMap(job -> job.hook()
                        .flatMap(kept -> secrets.open(hookOwner(name), kept))
                        .map(key -> new Hooked(job, key)));
    }

    /**
     * Starts a run for a call whose signature was proved with the key of this very job; answers with the run that the
     * call started before, when there is one.
     *
     * @param proof a hash of what proved the call
     */
    RunView startByHook(Hooked proved, String proof) {
        return start(proved.job(), JobTrigger.HOOK, Actor.SERVER, "A signed call asked for it.", Optional.of(proof));
    }

    private static void audit(CatalogTransaction tx, Change change, String action, Job job) {
        ObjectNode detail = Json.object()
                .put("model", job.plan().model().toString())
                .put("revision", job.revision())
                .put("secrets", job.secrets().isPresent())
                .put("hook", job.hook().isPresent());
        detail.set("plan", JobPlanJson.write(job.plan()));
        tx.audit().append(change, action, "job:" + job.name(), detail);
    }
}
