package io.modelward.runtime.serving;

import io.modelward.runtime.ModelNews;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The parts that models of every runtime need while they serve: a queue and two threads for each, deadlines for
 * requests, and an end for computations that take too long.
 */
public final class ModelHost implements AutoCloseable {

    private static final int MOST_FAILURES = 1000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final int workers;
    private final Deadlines deadlines;
    private final Watchdog watchdog;
    private final Executor completions;
    private final ComputePool compute =
            new ComputePool(Math.max(1, Runtime.getRuntime().availableProcessors()));
    /** Loads what takes a moment only: a thread for each of thousands of versions would take more than they do. */
    private final ExecutorService momentary = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("model-loader-", 1).factory());

    private final Set<QueuedModel> models = ConcurrentHashMap.newKeySet();
    private volatile ModelNews news = ModelNews.NOBODY;
    /** Why versions could not be loaded the last time, by reference. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    /**
     * Prepares a host.
     *
     * @param requestTimeout after it a caller gets a TIMEOUT
     * @param hardTimeout after it an engine that still computes is killed
     *
     * @param workers of one version, where workers compute
     * @param completions ends requests that timed out or wait for a model that failed; few threads, not the models'
     *     own
     */
    public ModelHost(Duration requestTimeout, Duration hardTimeout, int workers, Executor completions) {
        this.workers = workers;
        this.completions = task -> {
            try {
                completions.execute(task);
            } catch (RejectedExecutionException stopping) {
                task.run();
            }
        };
        this.deadlines = new Deadlines(requestTimeout, this.completions);
        this.watchdog = new Watchdog(requestTimeout, hardTimeout);
    }

    /** Has what happens to models told from now on. */
    public void tell(ModelNews listener) {
        news = listener;
    }

    ModelNews news() {
        return news;
    }

    /** Whether a version that cannot be loaded was not known to be so: it is tried again and again. */
    boolean isNews(String reference, String why) {
        if (failures.size() >= MOST_FAILURES) {
            failures.clear();
        }
        return !why.equals(failures.put(reference, why));
    }

    void loaded(String reference) {
        failures.remove(reference);
    }

    /** Starts to load a version. */
    public RunningModel start(ModelSource source, EngineLoader loader) {

        QueuedModel first = begin(source, loader);
        return workers == 1 ? first : new WorkerGroup(first, () -> begin(source.inWorker(), loader), workers);
    }

    private QueuedModel begin(ModelSource source, EngineLoader loader) {
        QueuedModel model = new QueuedModel(source, loader, this, this::ended);
        models.add(model);
        momentary.execute(model::begin);
        return model;
    }

    private synchronized void ended(QueuedModel model) {
        models.remove(model);
        notifyAll();
    }

    /** A model may not have begun to load yet; then it has no thread whose end could be waited for. */
    private synchronized void awaitEnds(long deadline) throws InterruptedException {
        for (long left = 1; left > 0 && !models.isEmpty(); left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
        }
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    ComputePool compute() {
        return compute;
    }

    Executor completions() {
        return completions;
    }

    /** How many models are here, loading or loaded. */
    public int running() {
        return models.size();
    }

    /** Tells every caller who waits for a loading model that the server stops. */
    public void stopLoading() {
        models.stream().filter(model -> !model.ready().isDone()).forEach(QueuedModel::close);
    }

    /** Ends all models, and waits, for at most ten seconds in all, until they have given back all that they had. */
    @Override
    public void close() {
        models.forEach(QueuedModel::close);
        try {
            long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
            awaitEnds(deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            momentary.shutdown();
            compute.close();
            deadlines.close();
            watchdog.close();
        }
    }
}
