package io.modelward.runtime.host;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.portable.Evaluation;
import io.modelward.runtime.portable.EvaluatorMemory;
import io.modelward.runtime.portable.FormStore;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.runtime.serving.ModelHost;
import io.modelward.runtime.worker.WorkerLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The parts that all runtimes of a server share: the sandbox that processes run in, and the queues, deadlines and
 * limits of models.
 */
public final class RuntimeHost implements AutoCloseable {

    private final RuntimeSettings settings;
    private final Sandbox sandbox;
    private final WorkerLauncher launcher;
    private final ModelHost models;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("worker-load-limit").factory());

    private final Optional<Evaluation> evaluation;

    private RuntimeHost(
            RuntimeSettings settings, Sandbox sandbox, Executor completions, Optional<Evaluation> evaluation) {
        this.settings = settings;
        this.evaluation = evaluation;
        this.sandbox = sandbox;
        this.launcher = new WorkerLauncher(sandbox);
        this.models = new ModelHost(settings.requestTimeout(), settings.hardTimeout(), settings.workers(), completions);
    }

    /**
     * Opens a host.
     *
     * @param completions ends requests that timed out or wait for a model that failed; few threads
     * @param temporary where all that runs has its files; the opener closes it after this
     * @param forms where the forms of models are kept that the server evaluates
     */
    public static RuntimeHost open(
            RuntimeSettings settings, Executor completions, TemporaryFolder temporary, Path forms) {
        try {

            Optional<Evaluation> evaluation =
                    settings.evaluate() ? Optional.of(evaluation(settings, forms)) : Optional.empty();

            return new RuntimeHost(settings, Sandbox.open(settings.limits(), temporary), completions, evaluation);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Evaluation evaluation(RuntimeSettings settings, Path forms) throws IOException {
        FormStore store = FormStore.open(forms);
        return new Evaluation(store, new EvaluatorMemory(settings.evaluators(), store));
    }

    /** Reads the keys that hold for all runtimes. */
    public static RuntimeSettings settings(Configuration configuration) {
        RuntimeSettings defaults = RuntimeSettings.defaults();
        WorkerLimits limits = defaults.limits();
        return new RuntimeSettings(
                configuration.duration("runtime.request-timeout", defaults.requestTimeout()),
                configuration.duration("runtime.hard-timeout", defaults.hardTimeout()),
                configuration.duration("runtime.load-timeout", defaults.loadTimeout()),
                new WorkerLimits(
                        configuration.size("runtime.worker-memory", limits.memory(), 256L << 20),
                        configuration.size("runtime.worker-disk", limits.disk(), 1L << 20),
                        configuration.number("runtime.worker-files", limits.files(), 100, 100_000_000),
                        configuration.number("runtime.worker-processes", limits.processes(), 8, 1_000_000)),
                evaluates(configuration),
                configuration.number("serving.workers", defaults.workers(), 1, 64),
                configuration.size("serving.memory", defaults.evaluators(), 1L << 20));
    }

    private static boolean evaluates(Configuration configuration) {
        String word = configuration.text("serving.evaluate").orElse("auto");
        if (!word.equals("auto") && !word.equals("off")) {
            throw new StartRefused("serving.evaluate is auto or off.");
        }
        return word.equals("auto");
    }

    /** What takes versions over from their workers; empty where workers keep all. */
    public Optional<Evaluation> evaluation() {
        return evaluation;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public WorkerLauncher launcher() {
        return launcher;
    }

    public ModelHost models() {
        return models;
    }

    /** After it a version that is not loaded has failed. */
    public Duration loadTimeout() {
        return settings.loadTimeout();
    }

    /** Does something once, after a time; for acts of a moment. */
    public ScheduledFuture<?> after(long nanos, Runnable action) {
        return timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends all models. Runtimes are closed before. */
    @Override
    public void close() {
        models.close();
        timer.shutdownNow();
        try {
            sandbox.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
