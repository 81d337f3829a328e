package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelInfo.State;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RunningModel;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version in one engine. An engine that many threads may ask needs no queue: once it is loaded, requests are handed
 * to it directly ({@link DirectAnswers}), and the version has no thread any more. To any other engine the rest applies.
 *
 * <p>Two threads feed the engine by turns ({@link Feeding}); the first one also loads the
 * engine, and loads it again when it was lost. Callers only queue. While a batch is computed, the next one gathers.
 *
 * <p>A request that raises fails alone. An engine that is lost fails the requests that it was computing. Requests that
 * wait go on waiting for the next engine, until their deadline.
 */
final class QueuedModel implements RunningModel {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedModel.class);
    private static final long IDLE_MILLIS = 1000;
    private static final int LOAD_ATTEMPTS = 2;

    private final ModelSource source;
    private final EngineLoader loader;
    private final ModelHost host;
    private final Consumer<QueuedModel> ended;
    private final RequestQueue queue = new RequestQueue();
    private final WaitEstimate estimate = new WaitEstimate();
    private final CrashHistory crashes = new CrashHistory();
    private final CompletableFuture<ModelInfo> ready = new CompletableFuture<>();
    private final Thread thread;

    private volatile ModelInfo info;
    private volatile @Nullable Engine engine;
    /** Set once, when the version is in an engine that needs no queue. */
    private volatile @Nullable DirectAnswers direct;

    private volatile @Nullable ProblemException failure;
    private volatile boolean closed;
    /** The problem for callers while loading waits for something that may take minutes. */
    private volatile @Nullable ProblemException preparing;

    QueuedModel(ModelSource source, EngineLoader loader, ModelHost host, Consumer<QueuedModel> ended) {
        this.source = source;
        this.loader = loader;
        this.host = host;
        this.ended = ended;
        this.info = ModelInfo.loading(loader.kind(), "it is loading");
        this.thread =
                Thread.ofPlatform().daemon().name("model " + source.reference()).unstarted(this::run);
    }

    /** Begins to load: at once where that takes a moment only, else on a thread of its own; once. */
    void begin() {
        if (closed || !isLoadedAtOnce()) {
            thread.start();
        }
    }

    private boolean isLoadedAtOnce() {
        try {
            Optional<EngineLoader.Loaded> loaded = loader.loadAtOnce(source, progress);
            if (loaded.isPresent() && loaded.get().engine() instanceof ConcurrentEngine concurrent) {
                serveDirectly(loaded.get(), concurrent);
                if (direct == null) {
                    end(concurrent);
                }
                return direct != null;
            }
        } catch (IOException | RuntimeException failed) {
            LOG.debug("{} is loaded by its worker", source.reference(), failed);
        }
        return false;
    }

    private void serveDirectly(EngineLoader.Loaded loaded, ConcurrentEngine concurrent) {
        info = loaded.info();
        estimate.ready();
        ready.complete(info);
        host.loaded(source.reference());
        becomeDirect(concurrent);
        handOver();
    }

    @Override
    public CompletableFuture<ModelInfo> ready() {
        return ready;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken) {
        DirectAnswers now = direct;
        if (now != null) {
            ProblemException problem = failure;
            return problem != null ? CompletableFuture.failedFuture(problem) : now.predict(instances, outputs, taken);
        }
        return predictInTurn(instances, outputs, taken);
    }

    /** How many requests wait or are computed, with one more for those that are computed together. */
    int load() {
        return queue.size() + (queue.isBusy() ? 1 : 0);
    }

    private CompletableFuture<Predictions> predictInTurn(
            Instances instances, List<String> outputs, LongConsumer taken) {
        long deadline = host.deadlines().next();
        ModelInfo now = info;
        boolean loaded = now.state() == State.READY || now.state() == State.RESTARTING;
        return loaded && now.batchable() && SlicedPrediction.isLarge(instances)
                ? SlicedPrediction.start(instances, slice -> queue(slice, outputs, deadline, taken))
                : queue(instances, outputs, deadline, taken);
    }

    private CompletableFuture<Predictions> queue(
            Instances instances, List<String> outputs, long deadline, LongConsumer taken) {
        ProblemException problem = failure != null ? failure : preparing;
        if (problem != null) {
            return CompletableFuture.failedFuture(problem);
        }
        long wait = estimate.nanos(queue.size());
        if (wait > host.deadlines().timeout().toNanos()) {
            return CompletableFuture.failedFuture(ServingProblems.overloaded(wait));
        }
        QueuedRequest request = new QueuedRequest(instances, outputs, deadline, taken, new CompletableFuture<>());
        // Before it is queued: what computes now is then not this request itself.
        host.watchdog().othersWait(this);
        if (!queue.offer(request)) {
            return CompletableFuture.failedFuture(
                    ServingProblems.overloaded(Math.max(wait, TimeUnit.SECONDS.toNanos(1))));
        }
        host.deadlines().watch(request);
        if (failure != null || closed) {
            failWaiting();
        }
        handOver();
        return request.answer();
    }

    private void run() {
        try {
            runUntilItFails();
        } finally {
            if (direct == null) {
                ended.accept(this);
            }
        }
    }

    /** What was queued before the engine was there, or while it came, is computed by it. */
    private void handOver() {
        DirectAnswers now = direct;
        if (now != null) {
            queue.drain().forEach(now::queue);
        }
    }

    /** The version has its engine from now on until it is closed, and needs no thread. */
    private synchronized void becomeDirect(ConcurrentEngine loaded) {
        if (!closed) {
            direct = new DirectAnswers(loaded, host);
        }
    }

    private synchronized void closeDirect() {
        if (direct != null && failure == null) {
            failAsUnloaded();
            end(engine);
            ended.accept(this);
        }
    }

    private void failAsUnloaded() {
        fail(ServingProblems.unloaded());
        info = info.in(State.CLOSED, "it was unloaded");
    }

    private void runUntilItFails() {
        boolean wasLoaded = false;
        while (!closed) {
            try {
                EngineLoader.Loaded loaded = loader.load(source, crashes.total(), progress);
                wasLoaded = true;
                if (loaded.engine() instanceof ConcurrentEngine concurrent) {
                    serveDirectly(loaded, concurrent);
                } else {
                    info = loaded.info();
                    estimate.ready();
                    ready.complete(info);
                    host.loaded(source.reference());
                    serve(loaded);
                }
            } catch (EngineLoader.Unloadable unloadable) {
                fail(unloadable.problem());
            } catch (IOException | RuntimeException died) {
                if (!closed) {
                    lost(died, wasLoaded);
                }
            } catch (InterruptedException interrupted) {
                closed = true;
            } catch (Exception other) {
                throw new IllegalStateException(other);
            } catch (Error unexpected) {
                LOG.error("the thread of {} met what it cannot go on after", source.reference(), unexpected);
                fail(ServingProblems.unexpected());
            } finally {
                if (direct == null) {
                    end(engine);
                }
            }
            if (failure != null || direct != null) {
                break;
            }
        }
        if (closed && failure == null && direct == null) {
            failAsUnloaded();
        }
    }

    private final EngineLoader.Progress progress = new EngineLoader.Progress() {
        @Override
        public void waits(String why, ProblemException forCallers) {
            preparing = forCallers;
            info = info.in(info.state(), why);
            failTogether(queue.drain(), forCallers);
        }

        @Override
        public void goesOn() {
            preparing = null;
            info = info.in(info.state(), "it is loading");
        }

        @Override
        public void started(Engine begun) {
            engine = begun;
            if (closed) {
                begun.kill();
            }
        }
    };

    /** Closes the engine, also one that never served: nothing of it is left. */
    private void end(@Nullable Engine over) {
        engine = null;
        if (over != null) {
            over.handedOver();
            // Being told to stop must not cut the ending short: it takes moments.
            if (Thread.interrupted()) {
                closed = true;
            }
            over.close();
        }
    }

    /** Serves until the engine is lost or the model is closed, with a second thread that takes turns with this one. */
    private void serve(EngineLoader.Loaded loaded) throws Exception {
        Feeding feeding = new Feeding(loaded);
        queue.pause(false);
        Thread second = Thread.ofPlatform()
                .daemon()
                .name("model " + source.reference() + " second")
                .start(feeding::second);
        try {
            feeding.first();
        } finally {
            queue.pause(true);
            Uninterrupted.join(second);
        }
    }

    /**
     * Two threads feed one engine by turns. The thread that has an answer lets the other one feed the next batch, and
     * ends the requests itself: check, hash, record, send. So the work after an answer holds up nobody, and costs no
     * change of threads. When nothing waits, the other thread is not woken; nor is it for a few small answers, which
     * are ended in less time than it takes to wake a thread.
     */
    private final class Feeding {

        private final EngineLoader.Loaded loaded;
        private volatile @Nullable Exception died;

        Feeding(EngineLoader.Loaded loaded) {
            this.loaded = loaded;
        }

        void first() throws Exception {
            while (!closed) {
                boolean fed = feed();
                Exception failure = died;
                if (failure != null) {
                    throw failure;
                }
                if (!fed && !queue.isBusy() && !loaded.engine().isAlive()) {
                    throw idleEnd();
                }
            }
        }

        void second() {
            try {
                while (!closed && died == null && !queue.isPaused()) {
                    var _ = feed();
                }
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException failure) {
                tellFirst(failure);
            } catch (Error unexpected) {
                LOG.error("a thread of {} met what it cannot go on after", source.reference(), unexpected);
                tellFirst(new IllegalStateException(unexpected));
            }
        }

        /** The first thread hears of it, and loads the engine again. */
        private void tellFirst(Exception failure) {
            died = failure;
            queue.pause(true);
        }

        /** Feeds one batch; false when there was none. */
        private boolean feed() throws IOException, InterruptedException {
            List<QueuedRequest> batch = queue.take(loaded.info().batchable(), IDLE_MILLIS);
            if (batch.isEmpty()) {
                return false;
            }
            if (!loaded.engine().isAlive()) {
                queue.putBack(batch);
                throw idleEnd();
            }
            boolean done = false;
            try {
                BatchEnds ends = compute(batch);
                if (!ends.areFew()) {
                    done = true;
                    queue.computed();
                }
                ends.all().forEach(Runnable::run);
            } finally {
                if (!done) {
                    queue.computed();
                }
            }
            return true;
        }

        private EOFException idleEnd() {
            return new EOFException("the process ended while nothing was asked of it");
        }

        private BatchEnds compute(List<QueuedRequest> batch) throws IOException {
            if (!loaded.info().outputs().containsAll(batch.getFirst().outputs())) {
                failTogether(batch, ProblemException.refused("outputs", "The model has no such output."));
                return BatchEnds.NONE;
            }
            long start = System.nanoTime();
            host.watchdog().computing(QueuedModel.this, batch);
            try {
                List<Engine.Result> results = loaded.engine()
                        .compute(
                                batch.stream().map(QueuedRequest::instances).toList(),
                                batch.getFirst().outputs());
                if (results.size() != batch.size()) {
                    throw new IOException("there is not one result for each request");
                }
                BatchEnds ends = BatchEnds.of(batch, results);
                estimate.learn(System.nanoTime() - start);
                return ends;
            } catch (Engine.NoMemory full) {
                failTogether(batch, ServingProblems.noMemory());
                return BatchEnds.NONE;
            } catch (IOException | RuntimeException lost) {
                failTogether(batch, loaded.engine().lost(lost));
                throw lost;
            } catch (Error unexpected) {
                failTogether(batch, loaded.engine().lost(new IOException(unexpected)));
                throw unexpected;
            } finally {
                loaded.engine().handedOver();
                host.watchdog().idle(QueuedModel.this);
            }
        }
    }

    private void lost(Exception died, boolean wasLoaded) {
        crashes.add(System.nanoTime());
        String words = words(died);
        end(engine);
        LOG.warn("the worker of {} ended: {}", source.reference(), words);
        host.news().workerDied(source.reference(), words);
        if (!wasLoaded && crashes.total() >= LOAD_ATTEMPTS) {
            fail(Problem.of(
                            ProblemType.UNAVAILABLE,
                            "The model could not be loaded: its worker process ended (" + words + ")")
                    .exception());
            return;
        }
        info = info.in(wasLoaded ? State.RESTARTING : State.LOADING, "its worker process ended: " + words);
        Duration pause = crashes.backOff();
        if (crashes.tooMany()) {
            failure = ServingProblems.resting(words, pause);
            failWaiting();
        }
        estimate.starting(pause.toNanos());
        rest(pause);
        failure = null;
    }

    private void rest(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        while (!closed && System.nanoTime() - until < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException interrupted) {
                closed = true;
            }
        }
    }

    private String words(Exception died) {
        Engine over = engine;
        if (over != null) {
            return over.lastWords(died);
        }
        return ServingProblems.words(source.reference(), died);
    }

    private void fail(ProblemException problem) {
        failure = ServingProblems.forCallers(problem.problem());
        info = info.in(State.FAILED, problem.problem().detail());
        // What is unloaded on purpose has not failed.
        if (!closed && host.isNews(source.reference(), problem.problem().detail())) {
            LOG.warn(
                    "{} cannot be loaded: {}",
                    source.reference(),
                    problem.problem().detail());
            host.news().loadFailed(source.reference(), problem.problem().detail());
        }
        ready.completeExceptionally(problem);
        failWaiting();
    }

    private void failWaiting() {
        ProblemException problem = failure;
        if (problem != null) {
            failTogether(queue.drain(), problem);
        }
    }

    private void failTogether(List<QueuedRequest> requests, ProblemException problem) {
        if (!requests.isEmpty()) {
            host.completions()
                    .execute(() -> requests.forEach(request -> request.answer().completeExceptionally(problem)));
        }
    }

    /** Ends the engine that computes now; the run loop sees that it is lost. */
    void killEngine() {
        Engine now = engine;
        if (now != null) {
            now.kill();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        killEngine();
        closeDirect();
    }
}
