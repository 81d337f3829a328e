package io.modelward.jobs;

import io.modelward.core.digest.Digest;
import io.modelward.core.job.JobCode;
import io.modelward.core.job.JobFile;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.job.JobRunner;
import io.modelward.runtime.job.JobRunner.Input;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.data.SecretBox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of this server: gives each its token, its files and its variables, waits for its end, and writes down what
 * became of it, in one transaction with what people are told.
 */
final class JobWorks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobWorks.class);

    private static final int PROCESSES = 512;
    private static final int FILES = 200_000;
    /**
     * How long a token outlives the timeout of its run: the timeout begins when the environment is there, and to build
     * one may take hours. The token is ended with its run in any case.
     */
    private static final Duration BESIDE_TIMEOUT = Duration.ofDays(1);
    /** How often the end of a run is tried to be written while the catalog is away, a second apart and more. */
    private static final int TRIES = 20;

    private static final int STOP_SECONDS = 20;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final BlobIntake intake;
    private final SecretBox secrets;
    private final JobRunner runner;
    private final RunTokens tokens;
    private final RunOutcome outcome;
    private final InstantSource clock;
    private final Path logs;
    private final String server;
    private final Supplier<String> url;
    private final Map<String, Work> works = new ConcurrentHashMap<>();

    private record Work(JobRun run, JobRunner.Running running) {}

    /** What runs need of the server. */
    record Parts(
            Catalog catalog,
            BlobStore blobs,
            BlobIntake intake,
            SecretBox secrets,
            JobRunner runner,
            RunTokens tokens,
            RunOutcome outcome) {}

    /**
     * @param logs the folder for the output of runs at work
     * @param server names this process
     * @param url where runs reach the server
     */
    JobWorks(Parts parts, InstantSource clock, Path logs, String server, Supplier<String> url) {
        this.catalog = parts.catalog();
        this.blobs = parts.blobs();
        this.intake = parts.intake();
        this.secrets = parts.secrets();
        this.runner = parts.runner();
        this.tokens = parts.tokens();
        this.outcome = parts.outcome();
        this.clock = clock;
        this.logs = logs;
        this.server = server;
        this.url = url;
    }

    String server() {
        return server;
    }

    Set<String> atWork() {
        return Set.copyOf(works.keySet());
    }

    void stop(String run, String why) {
        Work work = works.get(run);
        if (work != null) {
            work.running().stop(why);
        }
    }

    /** Removes the file of a run's log when the log is kept elsewhere; else the file is all there is. */
    void forgetLog(JobRun run) {
        if (run.progress().log().isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(JobBrowser.logFile(logs, run.id()));
        } catch (IOException left) {
            LOG.debug("the file of a log is left", left);
        }
    }

    /** Begins a run that this server has taken. */
    void begin(JobRun run) {
        RunTokens.Given token;
        ModelName model;
        try {
            model = catalog.read(
                    tx -> JobBrowser.model(tx, run.modelId(), run.plan().model()));
            token = tokens.give(
                    run, model, clock.instant().plus(run.plan().timeout()).plus(BESIDE_TIMEOUT));
        } catch (RuntimeException failure) {
            String why = failure instanceof ProblemException problem
                    ? problem.problem().detail()
                    : "The run could not be begun; the server's log says why.";
            LOG.warn("run {} of the job {} could not be begun", run.number(), run.job(), failure);
            writeLater(run.with(run.progress().endedAs(JobRunState.FAILED, OptionalInt.empty(), why, clock.instant())));
            return;
        }
        try {
            JobRunner.Running running = runner.start(task(run, model, token));
            works.put(run.id(), new Work(run, running));
            var _ = running.ended().thenAcceptAsync(end -> finish(run.id(), end), JobWorks::onThread);
        } catch (RuntimeException failure) {
            LOG.warn("run {} of the job {} could not be begun", run.number(), run.job(), failure);
            works.remove(run.id());
            writeLater(run.with(run.progress()
                    .endedAs(
                            JobRunState.FAILED,
                            OptionalInt.empty(),
                            "The run could not be begun; the server's log says why.",
                            clock.instant())));
        }
    }

    /** Not on the thread of the scheduler, which says for all runs that they are at work. */
    private void writeLater(JobRun ended) {
        onThread(() -> {
            try {
                tryUntilWritten(() -> {
                    tokens.end(ended.id());
                    write(ended);
                });
            } catch (RuntimeException failure) {
                LOG.error("the end of run {} of the job {} could not be written", ended.number(), ended.job(), failure);
            }
        });
    }

    private static void onThread(Runnable action) {
        Thread.ofPlatform().daemon().name("job-end").start(action);
    }

    private JobRunner.Task task(JobRun run, ModelName model, RunTokens.Given token) {
        Map<String, String> hidden = hidden(run);
        Map<String, String> variables = new HashMap<>(run.plan().variables());
        variables.putAll(hidden);
        String address = url.get();
        variables.put("MODELWARD_URL", address);
        variables.put("MODELWARD_TOKEN", token.text());
        variables.put("MODELWARD_JOB", run.job().value());
        variables.put("MODELWARD_RUN", run.id());
        variables.put("MODELWARD_MODEL", model.toString());
        variables.put("MODELWARD_SEED", Long.toString(run.plan().seed()));
        variables.put("PYTHONHASHSEED", Long.toString(run.plan().seed()));
        variables.put("MLFLOW_TRACKING_URI", address);
        variables.put("MLFLOW_REGISTRY_URI", address);
        variables.put("MLFLOW_TRACKING_TOKEN", token.text());
        variables.put("MLFLOW_EXPERIMENT_NAME", run.job().value());
        Set<String> masked = new HashSet<>(hidden.values());
        masked.add(token.text());
        List<Input> files = new ArrayList<>();
        JobCode code = run.plan().code();
        files.add(new Input(Input.CODE, code.size(), () -> blobs.read(code.archive())));
        for (JobFile file : run.plan().data()) {
            files.add(new Input(file.name(), file.size(), () -> blobs.read(file.digest())));
        }
        return new JobRunner.Task(
                run.id(),
                run.plan().command(),
                files,
                run.plan().requirements(),
                recorded(run),
                variables,
                masked,
                new WorkerLimits(run.plan().memory(), run.plan().disk(), FILES, PROCESSES),
                run.plan().timeout(),
                JobBrowser.logFile(logs, run.id()));
    }

    /** The packages of the run that this one repeats; none for any other run. */
    private List<String> recorded(JobRun run) {
        if (run.trigger() != JobTrigger.REPRODUCE) {
            return List.of();
        }
        return catalog.read(tx -> tx.reproductions()
                .find(run.id())
                .flatMap(reproduction -> tx.jobs().trained(reproduction.version()))
                .flatMap(trained -> tx.jobs().run(trained.run()))
                .map(first -> first.progress().lock().lines().toList())
                .orElse(List.of()));
    }

    /** Of the job as it is now; of a job of the same name that was made anew for another model, none. */
    private Map<String, String> hidden(JobRun run) {
        Map<String, String> hidden = new HashMap<>();
        catalog.read(tx -> tx.jobs().find(run.job()))
                .filter(job -> job.modelId() == run.modelId())
                .flatMap(job -> job.secrets())
                .flatMap(kept -> secrets.open(JobBrowser.owner(run.job()), kept))
                .ifPresent(text -> Json.parse(text, "secrets")
                        .properties()
                        .forEach(entry ->
                                hidden.put(entry.getKey(), entry.getValue().stringValue())));
        return hidden;
    }

    /** Writes down what became of a run. */
    private void finish(String id, JobRunner.Ended end) {
        Work work = works.get(id);
        if (work == null) {
            return;
        }
        JobRun run = work.run();
        try {
            // All of it again when the catalog is away for a moment: what became of the run is read anew, too.
            tryUntilWritten(() -> {
                // What is published by then is told; nothing is published afterwards.
                tokens.end(run.id());
                JobRun.Progress progress = run.progress().withLock(String.join("\n", end.packages()));
                write(outcome.of(run.with(keepLog(run, progress)), end));
            });
        } catch (RuntimeException | Error failure) {
            LOG.error("the end of run {} of the job {} could not be written", run.number(), run.job(), failure);
        } finally {
            works.remove(id);
        }
    }

    /** Keeps what a run wrote; as it is, when there is nothing or it cannot be kept. */
    JobRun.Progress keepLog(JobRun run, JobRun.Progress progress) {
        Path file = JobBrowser.logFile(logs, run.id());
        if (!Files.exists(file)) {
            return progress;
        }
        try (BlobWriter blob = intake.writer();
                SeekableByteChannel content = Files.newByteChannel(file)) {
            ByteBuffer piece = ByteBuffer.allocate(1 << 16);
            while (content.read(piece) >= 0) {
                blob.write(piece.flip());
                piece.clear();
            }
            BlobWriter.Stored stored = intake.keep(blob);
            catalog.write(tx -> {
                BlobIntake.name(tx, stored.digest(), stored.size(), clock.instant());
                tx.jobs().nameBlob(stored.digest(), "run:" + run.id(), stored.size());
                return true;
            });
            return progress.withLog(stored.digest(), stored.size());
        } catch (IOException | RuntimeException failure) {
            LOG.warn(
                    "the log of run {} of the job {} could not be kept: {}",
                    run.number(),
                    run.job(),
                    failure.toString());
            return progress;
        }
    }

    private void write(JobRun ended) {
        catalog.write(tx -> {
            if (tx.jobs().updateRun(ended, JobRunState.RUNNING)) {
                RunNews.tell(tx, ended, ended.progress().ended().orElseThrow());
            } else {
                addLog(tx, ended);
            }
            return true;
        });
        forgetLog(ended);
    }

    /** Another server holds the run for lost: what the run wrote is shown with it all the same. */
    private static void addLog(CatalogTransaction tx, JobRun ended) {
        Optional<Digest> log = ended.progress().log();
        tx.jobs()
                .run(ended.id())
                .filter(row -> log.isPresent() && row.progress().log().isEmpty())
                .ifPresent(row -> tx.jobs()
                        .updateRun(
                                row.with(row.progress()
                                        .withLog(log.get(), ended.progress().logSize())),
                                row.progress().state()));
    }

    /** Writes the end of a run, and goes on trying for a while when the catalog is away. */
    private static void tryUntilWritten(Runnable end) {
        for (int attempt = 1; ; attempt++) {
            try {
                end.run();
                return;
            } catch (RuntimeException failure) {
                if (attempt == TRIES) {
                    throw failure;
                }
                LOG.warn("the end of a run is written again in a moment: {}", failure.toString());
                try {
                    TimeUnit.SECONDS.sleep(Math.min(attempt, 10));
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                    throw failure;
                }
            }
        }
    }

    /** Ends all runs of this server and waits until that is written. */
    @Override
    public void close() {
        works.values().forEach(work -> work.running().stop("the server was stopped"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (!works.isEmpty() && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
