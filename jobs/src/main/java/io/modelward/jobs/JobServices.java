package io.modelward.jobs;

import io.modelward.core.access.Access;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.runtime.job.JobRunner;
import io.modelward.store.assembly.Storage;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of training jobs, put together. Nothing runs before {@link #start}. */
public final class JobServices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobServices.class);
    private static final long ROUND_MILLIS = 500;
    private static final int FORGOTTEN_AT_ONCE = 200;

    public final JobService jobs;
    public final JobUploads uploads;
    public final JobBrowser browser;
    public final HookCalls hooks;
    public final Reproducer reproducer;
    private final JobWorks works;
    private final JobScheduler scheduler;
    private final JobRunner runner;
    private final Catalog catalog;
    private final InstantSource clock;
    private final Duration keepRuns;
    private volatile boolean started;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("job-scheduler").factory());

    /**
     * What jobs need of the server.
     *
     * @param hashers few platform threads
     * @param answers compares the answers of two versions
     */
    public record Parts(
            Access access,
            Storage storage,
            RegistryServices registry,
            Consumer<RolloutService.RolloutStart> rollouts,
            Function<ModelName, List<EndpointName>> serving,
            JobRunner runner,
            RunTokens tokens,
            SecretBox secrets,
            Executor hashers,
            ReproductionEnd.Answers answers) {}

    /**
     * Puts them together.
     *
     * @param logs the folder for the output of runs at work
     * @param url where runs reach the server
     * @param nanos the monotonic clock
     * @param random unguessable
     */
    public JobServices(
            Parts parts,
            JobSettings settings,
            Path logs,
            Supplier<String> url,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random)
            throws IOException {
        Files.createDirectories(logs);
        RunTraining training = new RunTraining(parts.tokens());
        parts.registry().train(training);
        this.runner = parts.runner();
        this.catalog = parts.storage().catalog();
        this.clock = clock;
        this.keepRuns = settings.keepRuns();
        this.browser = new JobBrowser(
                parts.access(), parts.storage().catalog(), parts.storage().blobs(), parts.secrets(), logs);
        this.jobs = new JobService(
                parts.access(),
                parts.storage().catalog(),
                parts.secrets(),
                browser,
                new PlanCheck(parts.storage().catalog(), parts.storage().blobs(), parts.runner()),
                clock,
                random,
                this::wake);
        this.uploads = new JobUploads(parts.access(), parts.storage().catalog(), parts.registry().intake, clock);
        this.hooks = new HookCalls(jobs, clock);
        this.reproducer = new Reproducer(
                parts.access(),
                parts.storage().catalog(),
                parts.storage().blobs(),
                clock,
                random,
                parts.hashers(),
                this::wake);
        this.works = new JobWorks(
                new JobWorks.Parts(
                        parts.storage().catalog(),
                        parts.storage().blobs(),
                        parts.registry().intake,
                        parts.secrets(),
                        parts.runner(),
                        parts.tokens(),
                        new RunOutcome(
                                parts.storage().catalog(),
                                parts.tokens(),
                                parts.rollouts(),
                                parts.serving(),
                                new ReproductionEnd(parts.storage().catalog(), parts.answers()),
                                clock)),
                clock,
                logs,
                "%016x".formatted(random.nextLong()),
                () -> settings.url().orElseGet(url));
        this.scheduler = new JobScheduler(
                parts.storage().catalog(), clock, nanos, random, works, parts.tokens(), settings.parallel());
    }

    /** Begins to look for what is due. */
    public void start() {
        started = true;
        var _ = rounds.scheduleWithFixedDelay(this::round, 0, ROUND_MILLIS, TimeUnit.MILLISECONDS);
        var _ = rounds.scheduleWithFixedDelay(this::forget, 0, 1, TimeUnit.HOURS);
    }

    /** Does what is to be done now; never fails. */
    void round() {
        try {
            scheduler.round();
        } catch (RuntimeException | Error failure) {
            // A task that throws would never be run again.
            LOG.error("jobs are looked at again in a moment", failure);
        }
    }

    /** Forgets runs and uploads that nobody needs any more; a few at a time, so that no other waits long. */
    private void forget() {
        try {
            Instant now = clock.instant();
            int forgotten;
            do {
                forgotten = catalog.write(tx -> {
                    tx.jobs().forgetUploads(now.minus(JobUploads.KEPT));
                    return tx.jobs().forgetRuns(now.minus(keepRuns), FORGOTTEN_AT_ONCE);
                });
            } while (forgotten == FORGOTTEN_AT_ONCE);
        } catch (RuntimeException | Error failure) {
            LOG.warn("old runs of jobs are forgotten in an hour: {}", failure.toString());
        }
    }

    private void wake() {
        if (started && !rounds.isShutdown()) {
            try {
                rounds.execute(this::round);
            } catch (RejectedExecutionException closing) {
                LOG.trace("closing", closing);
            }
        }
    }

    /** How far commands are kept apart, in words. */
    public String isolation() {
        return runner.isolation();
    }

    /** How many runs are at work in this server. */
    public int atWork() {
        return works.atWork().size();
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        works.close();
        runner.close();
    }
}
