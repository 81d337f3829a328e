package io.modelward.runtime.python;

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
import java.nio.file.FileSystemException;
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
 * One version in one worker process. A thread of its own launches the process, feeds it one batch at a time and starts it again when
 * it dies; callers only queue. While a batch is computed, the requests that arrive gather for the next.
 *
 * <p>A batch's fate is its own: a request that raises fails alone, a process that dies fails the requests it was computing and no
 * other. Requests that wait go on waiting for the next process, until their deadline.
 */
final class WorkerModel implements RunningModel {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerModel.class);
    private static final long IDLE_MILLIS = 1000;
    private static final int LOAD_ATTEMPTS = 2;
    /** A version that failed is tried again from time to time. */
    private static final int RETRY_SECONDS = 30;

    private final ModelSource source;
    private final WorkerLoader loader;
    private final Watchdog watchdog;
    private final Deadlines deadlines;
    private final Consumer<WorkerModel> ended;
    private final RequestQueue queue = new RequestQueue();
    private final WaitEstimate estimate = new WaitEstimate();
    private final CrashHistory crashes = new CrashHistory();
    private final CompletableFuture<ModelInfo> ready = new CompletableFuture<>();
    private final Thread thread;

    private volatile ModelInfo info = ModelInfo.loading("it is loading");
    private volatile @Nullable WorkerProcess worker;
    private volatile @Nullable ProblemException failure;
    private volatile boolean waitsForEnvironment;
    private volatile boolean closed;

    WorkerModel(
            ModelSource source,
            WorkerLoader loader,
            Watchdog watchdog,
            Deadlines deadlines,
            Consumer<WorkerModel> ended) {
        this.source = source;
        this.loader = loader;
        this.watchdog = watchdog;
        this.deadlines = deadlines;
        this.ended = ended;
        this.thread =
                Thread.ofPlatform().daemon().name("model " + source.reference()).unstarted(this::run);
    }

    /** Once, when whoever made it knows it. */
    void begin() {
        thread.start();
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
    public CompletableFuture<Predictions> predict(Instances instances) {
        return predict(instances, bytes -> {});
    }

    @Override
    public CompletableFuture<Predictions> predict(Instances instances, LongConsumer taken) {
        long deadline = deadlines.next();
        ModelInfo now = info;
        boolean loaded = now.state() == State.READY || now.state() == State.RESTARTING;
        return loaded && now.batchable() && SlicedPrediction.isLarge(instances)
                ? SlicedPrediction.start(instances, slice -> queue(slice, deadline), taken)
                : queue(instances, deadline).thenApply(predictions -> {
                    taken.accept(predictions.bytes());
                    return predictions;
                });
    }

    private CompletableFuture<Predictions> queue(Instances instances, long deadline) {
        ProblemException problem = failure;
        if (problem != null) {
            return CompletableFuture.failedFuture(problem);
        }
        if (waitsForEnvironment) {
            return CompletableFuture.failedFuture(preparing());
        }
        long wait = estimate.nanos(queue.size());
        if (wait > deadlines.timeout().toNanos()) {
            return CompletableFuture.failedFuture(overloaded(wait));
        }
        Pending pending = new Pending(instances, deadline, new CompletableFuture<>());
        // Before it is queued: what computes now is then not this request itself.
        watchdog.othersWait(this);
        if (!queue.offer(pending)) {
            return CompletableFuture.failedFuture(overloaded(Math.max(wait, TimeUnit.SECONDS.toNanos(1))));
        }
        deadlines.watch(pending);
        if (failure != null || closed) {
            failWaiting();
        }
        return pending.answer();
    }

    private void run() {
        try {
            runUntilItFails();
        } finally {
            ended.accept(this);
        }
    }

    private void runUntilItFails() {
        boolean wasLoaded = false;
        while (!closed) {
            try {
                WorkerLoader.Loaded loaded =
                        loader.load(source, crashes.total(), this::waitForEnvironment, this::started);
                wasLoaded = true;
                info = loaded.info();
                estimate.ready();
                ready.complete(info);
                serve(loaded);
            } catch (WorkerLoader.Unloadable unloadable) {
                fail(unloadable.problem());
            } catch (IOException | RuntimeException died) {
                if (!closed) {
                    crashed(died, wasLoaded);
                }
            } catch (InterruptedException interrupted) {
                closed = true;
            } catch (Error unexpected) {
                LOG.error("the thread of {} met what it cannot go on after", source.reference(), unexpected);
                fail(Problem.of(
                                ProblemType.UNAVAILABLE,
                                "The model could not be run for a reason that the server's log names.")
                        .with("retry_after", RETRY_SECONDS)
                        .exception());
            } finally {
                end(worker);
            }
            if (failure != null) {
                break;
            }
        }
        if (closed && failure == null) {
            fail(Problem.of(ProblemType.UNAVAILABLE, "This version is not loaded any more. Try again.")
                    .with("retry_after", 1)
                    .exception());
            info = info.in(State.CLOSED, "it was unloaded");
        }
    }

    private void started(WorkerProcess process) {
        worker = process;
        if (closed) {
            process.kill();
        }
    }

    /** Also when it never got as far as to serve: nothing of it is left. */
    private void end(@Nullable WorkerProcess process) {
        worker = null;
        if (process != null) {
            process.handedOver();
            // Being told to stop must not cut the ending short: it takes moments.
            if (Thread.interrupted()) {
                closed = true;
            }
            process.close();
        }
    }

    private void waitForEnvironment(String why) {
        waitsForEnvironment = !why.isEmpty();
        if (waitsForEnvironment) {
            info = info.in(info.state(), why);
            failQueued(preparing());
        } else {
            info = info.in(info.state(), "it is loading");
        }
    }

    private void serve(WorkerLoader.Loaded loaded) throws IOException, InterruptedException {
        while (!closed) {
            List<Pending> batch = queue.take(loaded.info().batchable(), IDLE_MILLIS);
            if (batch.isEmpty()) {
                if (!loaded.process().isAlive()) {
                    throw new EOFException("the process ended while nothing was asked of it");
                }
                continue;
            }
            if (!loaded.process().isAlive()) {
                queue.putBack(batch);
                throw new EOFException("the process ended while nothing was asked of it");
            }
            long start = System.nanoTime();
            watchdog.computing(this, batch);
            try {
                compute(loaded, batch);
            } catch (Frame.NoMemory full) {
                batch.forEach(pending -> pending.answer().completeExceptionally(noMemory()));
            } catch (IOException | RuntimeException died) {
                ProblemException problem = lostWorker(died, loaded.process().killedBecause());
                batch.forEach(pending -> pending.answer().completeExceptionally(problem));
                throw died;
            } finally {
                loaded.process().handedOver();
                watchdog.idle(this);
            }
            estimate.learn(System.nanoTime() - start);
        }
    }

    private void compute(WorkerLoader.Loaded loaded, List<Pending> batch) throws IOException {
        Batch request = Batch.of(batch.stream().map(Pending::instances).toList());
        Frame frame = loaded.process().exchange(Frame.Type.PREDICT, request.head(), request.columns());
        if (frame.type() != Frame.Type.ANSWER) {
            throw new Frame.BadFrame("not an answer");
        }
        Batch.Answer answer = Batch.read(
                frame, batch.stream().map(pending -> pending.instances().rows()).toList());
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            Batch.Result result = answer.results().get(i);
            CompletableFuture<Predictions> future = batch.get(i).answer();
            if (result.failed()) {
                future.completeExceptionally(raised(result));
            } else {
                future.complete(new Predictions(answer.columns(), from, result.rows(), batch.size()));
                from += result.rows();
            }
        }
    }

    private void crashed(Exception died, boolean wasLoaded) {
        crashes.add(System.nanoTime());
        String words = words(died);
        end(worker);
        LOG.warn("the worker of {} ended: {}", source.reference(), words);
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
            failure = resting(words, pause);
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
        WorkerProcess process = worker;
        if (process != null && !(died instanceof Frame.BadFrame)) {
            return process.lastWords();
        }
        if (died instanceof FileSystemException onDisk) {
            LOG.warn("the directory of a worker of {} could not be made", source.reference(), onDisk);
            return "its directory could not be made; the server's log says why";
        }
        return String.valueOf(died.getMessage());
    }

    private void fail(ProblemException problem) {
        failure = forCallers(problem.problem());
        info = info.in(State.FAILED, problem.problem().detail());
        ready.completeExceptionally(problem);
        failWaiting();
    }

    /** What is wrong with a version is nothing that the callers of its endpoint have done. */
    private static ProblemException forCallers(Problem problem) {
        if (problem.type() != ProblemType.REFUSED && problem.type() != ProblemType.INVALID) {
            return problem.exception();
        }
        return new Problem(
                        ProblemType.UNAVAILABLE,
                        "The version that serves here cannot be loaded. " + problem.detail(),
                        Optional.empty(),
                        problem.extra())
                .with("retry_after", RETRY_SECONDS)
                .exception();
    }

    private void failWaiting() {
        ProblemException problem = failure;
        if (problem != null) {
            failQueued(problem);
        }
    }

    private void failQueued(ProblemException problem) {
        queue.drain().forEach(pending -> pending.answer().completeExceptionally(problem));
    }

    /** Ends the process that computes now; the run loop sees the end of its pipe. */
    void killWorker() {
        WorkerProcess process = worker;
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public void close() {
        closed = true;
        killWorker();
        thread.interrupt();
    }

    /** Waits until the process and its directory are gone. */
    void awaitClosed() throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private static ProblemException raised(Batch.Result result) {
        return Problem.of(
                        ProblemType.MODEL_FAILED,
                        result.error().equals("AnswerTooLarge")
                                ? "The model's answer is larger than 64 MiB. Send fewer instances."
                                : "The model raised " + result.error() + ": " + result.message())
                .with("error", result.error())
                .exception();
    }

    private static ProblemException lostWorker(Exception died, String killedBecause) {
        if (!killedBecause.isEmpty()) {
            return Problem.of(
                            ProblemType.MODEL_FAILED,
                            "The model's worker process was ended while it computed this request: " + killedBecause
                                    + ". It is started again.")
                    .with("error", "WorkerDied")
                    .exception();
        }
        return Problem.of(
                        ProblemType.MODEL_FAILED,
                        died instanceof EOFException || !(died instanceof Frame.BadFrame)
                                ? "The model's worker process ended while it computed this request. It is started again."
                                : "The model's worker process wrote something that is no answer. It is started again.")
                .with("error", "WorkerDied")
                .exception();
    }

    private static ProblemException resting(String words, Duration pause) {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The model's worker process ended too often and is started again after a pause. The last time: "
                                + words)
                .with("retry_after", Math.max(1, pause.toSeconds()))
                .exception();
    }

    private static ProblemException preparing() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The Python environment for this version is being built; this happens once per machine. Try again in a while.")
                .with("retry_after", 5)
                .exception();
    }

    private static ProblemException noMemory() {
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "Other answers hold the memory that this one needs. Send the request again in a moment.")
                .with("retry_after", 1)
                .exception();
    }

    private static ProblemException overloaded(long waitNanos) {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(waitNanos));
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "The model is overloaded: this request would wait about " + seconds + " s. Try again later.")
                .with("retry_after", seconds)
                .exception();
    }
}
