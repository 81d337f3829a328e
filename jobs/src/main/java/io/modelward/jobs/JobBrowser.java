package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.JobView.Trained;
import io.modelward.registry.Page;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.data.SecretBox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at jobs, their runs and what the runs wrote. */
public final class JobBrowser {

    /** The most of a log that is answered at once, in bytes. */
    public static final int LOG_AT_ONCE = 256 << 10;

    private static final int READ_AT_ONCE = 200;

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final SecretBox secrets;
    private final Path logs;

    JobBrowser(Access access, Catalog catalog, BlobStore blobs, SecretBox secrets, Path logs) {
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.secrets = secrets;
        this.logs = logs;
    }

    /** What a caller is told who names a job that is not there. */
    static ProblemException missing(JobName name) {
        return ProblemException.missing(
                "job", name.value(), "There is no job " + name + ". List the jobs to see which there are.");
    }

    private static ProblemException missingRun(String id) {
        return ProblemException.notFound("There is no run " + Quoted.of(id) + " of a job.");
    }

    /**
     * The job, for a caller who may do this with its model; for others who may not look at the model it is not there.
     * Never within a transaction, where no caller is known: what is changed then is found by {@link #same}.
     */
    Job require(JobName name, Action action) {
        record Found(Job job, ModelName model) {}
        Found found = catalog.read(tx -> tx.jobs()
                        .find(name)
                        .map(job -> new Found(
                                job, model(tx, job.modelId(), job.plan().model()))))
                .orElseThrow(() -> missing(name));
        require(action, found.model(), missing(name));
        return found.job();
    }

    /** The run, as {@link #require(JobName, Action)}. */
    JobRun requireRun(String id, Action action) {
        record Found(JobRun run, ModelName model) {}
        Found found = catalog.read(tx -> tx.jobs()
                        .run(id)
                        .map(run -> new Found(
                                run, model(tx, run.modelId(), run.plan().model()))))
                .orElseThrow(() -> missingRun(id));
        require(action, found.model(), missingRun(id));
        return found.run();
    }

    private void require(Action action, ModelName name, ProblemException missing) {
        Resource.Model model = new Resource.Model(name);
        if (!access.allows(Action.READ, model)) {
            throw missing;
        }
        access.require(action, model);
    }

    /**
     * The job as it is now, for one that the caller was allowed before: a job that was deleted and made anew meanwhile
     * is another job, perhaps of another model.
     */
    static Job same(CatalogTransaction tx, Job seen) {
        return tx.jobs()
                .find(seen.name())
                .filter(now -> now.number() == seen.number()
                        && now.modelId() == seen.modelId()
                        && now.createdAt().equals(seen.createdAt()))
                .orElseThrow(() -> missing(seen.name()));
    }

    /** The run as it is now; runs are forgotten, and never made anew. */
    static JobRun same(CatalogTransaction tx, JobRun seen) {
        return tx.jobs().run(seen.id()).orElseThrow(() -> missingRun(seen.id()));
    }

    /** The name that a model has now; the one that it had, when it is gone. */
    static ModelName model(CatalogTransaction tx, long id, ModelName then) {
        return tx.models().find(new ModelId(id)).map(RegisteredModel::name).orElse(then);
    }

    /** Whether a model is there, under whatever name. */
    static boolean modelIsThere(CatalogTransaction tx, long id) {
        return tx.models().find(new ModelId(id)).filter(RegisteredModel::active).isPresent();
    }

    /** @throws ProblemException NOT_FOUND */
    public JobView get(JobName name) {
        access.requireSome(Action.READ);
        Job job = require(name, Action.READ);
        return catalog.read(tx -> view(tx, same(tx, job)));
    }

    JobView view(CatalogTransaction tx, Job job) {
        return new JobView(
                job,
                model(tx, job.modelId(), job.plan().model()),
                job.secrets()
                        .flatMap(kept -> secrets.open(owner(job.name()), kept))
                        .map(text -> List.copyOf(Json.parse(text, "secrets").propertyNames()))
                        .orElse(List.of()),
                tx.jobs().newest(job.name(), job.modelId()).map(run -> view(tx, run)));
    }

    /** In whose name the secrets of a job are sealed. */
    static String owner(JobName job) {
        return "job:" + job;
    }

    /** Jobs whose number is below {@code before}, newest first; of one model when one is named. */
    public Page<JobView> list(Optional<ModelName> of, long before, int size) {
        Reach reach = access.requireSome(Action.READ);
        return catalog.read(tx -> {
            List<JobView> views = new ArrayList<>();
            long from = before;
            while (views.size() <= size) {
                List<Job> some = tx.jobs().list(from, READ_AT_ONCE);
                for (Job job : some) {
                    ModelName model = model(tx, job.modelId(), job.plan().model());
                    if (reach.coversModel(model) && of.map(model::equals).orElse(true) && views.size() <= size) {
                        views.add(view(tx, job));
                    }
                }
                if (some.size() < READ_AT_ONCE) {
                    break;
                }
                from = some.getLast().number();
            }
            return Page.of(views, size, last -> Long.toString(last.job().number()));
        });
    }

    /** Runs with a number below {@code before}, newest first; of one job when one is named. */
    public Page<RunView> runs(Optional<JobName> job, long before, int size) {
        Reach reach = access.requireSome(Action.READ);
        Page<RunView> page = catalog.read(tx -> {
            List<RunView> views = new ArrayList<>();
            long from = before;
            while (views.size() <= size) {
                List<JobRun> some = tx.jobs().runs(job, from, READ_AT_ONCE);
                for (JobRun run : some) {
                    if (views.size() <= size
                            && reach.coversModel(
                                    model(tx, run.modelId(), run.plan().model()))) {
                        views.add(view(tx, run));
                    }
                }
                if (some.size() < READ_AT_ONCE) {
                    break;
                }
                from = some.getLast().number();
            }
            return Page.of(views, size, last -> Long.toString(last.run().number()));
        });
        if (page.items().isEmpty() && job.isPresent()) {
            // A job that was deleted has runs still; one that never ran is there.
            require(job.get(), Action.READ);
        }
        return page;
    }

    /** @throws ProblemException NOT_FOUND */
    public RunView run(String id) {
        access.requireSome(Action.READ);
        JobRun run = requireRun(id, Action.READ);
        return catalog.read(tx -> view(tx, same(tx, run)));
    }

    static RunView view(CatalogTransaction tx, JobRun run) {
        List<Trained> versions = new ArrayList<>();
        for (TrainedVersion version : tx.jobs().versions(run.id())) {
            tx.versions()
                    .find(version.version())
                    .ifPresent(row ->
                            versions.add(new Trained(row.summary(), version, RunTraining.metrics(row.shownCard()))));
        }
        boolean atWork = run.progress().state() == JobRunState.RUNNING;
        return new RunView(
                run,
                model(tx, run.modelId(), run.plan().model()),
                versions,
                atWork ? run.progress().outcome() : "",
                Reproducer.view(tx, run));
    }

    /** How a version was trained; empty when no run of a job published it. */
    public Optional<RunView> training(ModelName model, Selector selector) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            PublishedVersion version = VersionResolver.resolve(tx, model, selector);
            return tx.jobs()
                    .trained(version.summary().id())
                    .flatMap(trained -> tx.jobs().run(trained.run()))
                    .map(run -> view(tx, run));
        });
    }

    /**
     * A piece of a log.
     *
     * @param bytes as the command wrote them, with secrets masked
     * @param next where the next piece begins
     * @param ended whether there is nothing more and will be nothing more
     */
    public record LogPiece(byte[] bytes, long next, boolean ended) {}

    /** What a run wrote, from a place on; also while the run is at work. Blocking. */
    public LogPiece log(String id, long from) throws IOException {
        access.requireSome(Action.PUBLISH);
        JobRun run = requireRun(id, Action.PUBLISH);
        boolean over = run.progress().state().ended();
        if (run.progress().log().isPresent()) {
            long size = run.progress().logSize();
            long at = Math.min(from, size);
            int count = (int) Math.min(LOG_AT_ONCE, size - at);
            try (InputStream content = blobs.read(run.progress().log().get(), at, count)) {
                byte[] bytes = content.readNBytes(count);
                return new LogPiece(bytes, at + bytes.length, at + bytes.length >= size);
            }
        }
        try (SeekableByteChannel file = Files.newByteChannel(logFile(logs, id))) {
            file.position(Math.min(from, file.size()));
            byte[] bytes = Channels.newInputStream(file).readNBytes(LOG_AT_ONCE);
            long next = Math.min(from, file.size()) + bytes.length;
            return new LogPiece(bytes, next, over && bytes.length == 0);
        } catch (NoSuchFileException none) {
            return new LogPiece(new byte[0], from, over);
        }
    }

    static Path logFile(Path logs, String run) {
        return logs.resolve(run + ".log");
    }
}
