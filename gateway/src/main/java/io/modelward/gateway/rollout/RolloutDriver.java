package io.modelward.gateway.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules: has each {@link RolloutActor} look every {@value #LOOK_MILLIS} ms, on one thread that waits for nothing,
 * and has all that may wait done on threads of its own. Until {@link #start} the caller of {@link #tick} does all of
 * it.
 */
public final class RolloutDriver implements AutoCloseable {

    /**
     * How often it is looked whether a tick is due; a tick itself lasts {@link
     * io.modelward.gateway.evidence.EvidenceCollector#TICK_NANOS}.
     */
    private static final long LOOK_MILLIS = 50;
    /** How many rollouts that ended can be seen without judging all their ticks again, which takes its time. */
    private static final int KEPT = 100;
    /** How long a stop waits for all writes that go on. */
    private static final Duration STOP = Duration.ofSeconds(30);
    /** How long a deletion of a candidate waits for the end of its rollout to be written. */
    private static final long SETTLE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RolloutDriver.class);

    private final Catalog catalog;
    private final RolloutCommits commits;
    private final RolloutOpener opener;
    private final RolloutWork work;
    private final RolloutStarter starter;
    private final LongSupplier nanos;

    /** By rollout id, in the order in which they were adopted. */
    @GuardedBy("actors")
    private final Map<String, RolloutActor> actors = new LinkedHashMap<>();

    @GuardedBy("ended")
    private final Map<String, RolloutView> ended = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RolloutView> eldest) {
            return size() > KEPT;
        }
    };

    private volatile Executor writer = Runnable::run;
    private volatile boolean closed;
    private @Nullable Thread thread;
    /** Whether candidates may have been deleted since it was looked. */
    private volatile boolean deletions;

    private final AtomicBoolean following = new AtomicBoolean();
    /** One looks for deleted candidates at a time: an older look must not be told after a newer one. */
    private final ReentrantLock looking = new ReentrantLock();

    /** @param nanos the monotonic clock */
    RolloutDriver(
            Catalog catalog,
            RolloutCommits commits,
            RolloutOpener opener,
            LongSupplier nanos,
            Function<RolloutDriver, RolloutStarter> starter) {
        this.catalog = catalog;
        this.commits = commits;
        this.opener = opener;
        this.work = new RolloutWork(commits, opener, this::later);
        this.nanos = nanos;
        this.starter = starter.apply(this);
    }

    RolloutStarter starter() {
        return starter;
    }

    /** Begins to tick by itself; a test ticks by hand instead. */
    public void start() {
        writer = task -> Thread.ofVirtual().name("rollout-writer").start(task);
        thread = Thread.ofPlatform().daemon().name("rollouts").start(() -> {
            while (!closed) {
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException interrupted) {
                    return;
                }
                try {
                    tick();
                } catch (RuntimeException failure) {
                    LOG.error("a tick of the rollouts failed; the next one tries again", failure);
                }
            }
        });
    }

    /** Performs work that may wait, on other threads. */
    void later(Runnable task) {
        writer.execute(task);
    }

    /**
     * Takes over what was at work before a restart. What cannot be written yet, on a full disk, is tried again; until
     * then it has no traffic.
     */
    public void restore() {
        for (RolloutRecord row : catalog.read(tx -> tx.rollouts().open())) {
            if (row.rollout().state().atWork()) {
                try {
                    adopt(row, true);
                } catch (RuntimeException unread) {
                    LOG.error(
                            "rollout {} could not be taken over and is tried again",
                            row.rollout().id(),
                            unread);
                    starter.freed(row.rollout().endpoint());
                }
            } else {
                starter.freed(row.rollout().endpoint());
            }
        }
        tick();
    }

    /**
     * Drives a rollout that is at work, unless it is driven already.
     *
     * @param takenOver whether it was at work before this process began
     */
    void adopt(RolloutRecord row, boolean takenOver) {
        if (closed || actor(row.rollout().id()).isPresent()) {
            return;
        }
        // One that serves was driven by another process, or by this one before its state was lost.
        boolean before = takenOver || row.rollout().state().serving();
        RolloutActor actor = new RolloutActor(
                row, opener.open(row, this::later), before, work, commits, nanos, this::later, this::ended);
        synchronized (actors) {
            actors.putIfAbsent(actor.id(), actor);
        }
    }

    private void ended(RolloutActor actor, Optional<RolloutView> last) {
        last.ifPresent(this::keep);
        synchronized (actors) {
            actors.remove(actor.id(), actor);
        }
        starter.freed(actor.endpoint());
        starter.beginWaiting();
    }

    private List<RolloutActor> actors() {
        synchronized (actors) {
            return List.copyOf(actors.values());
        }
    }

    private Optional<RolloutActor> actor(String id) {
        synchronized (actors) {
            return Optional.ofNullable(actors.get(id));
        }
    }

    /** The one that occupies the endpoint. */
    Optional<RolloutActor> atWork(String endpoint) {
        return actors().stream()
                .filter(actor -> actor.endpoint().equals(endpoint))
                .findFirst();
    }

    /** One tick of all rollouts. */
    public void tick() {
        if (following.compareAndSet(false, true)) {
            later(() -> {
                try {
                    followModels();
                } catch (RuntimeException failure) {
                    LOG.error("the rollouts could not follow the models; the next tick tries again", failure);
                } finally {
                    following.set(false);
                }
            });
        }
        for (RolloutActor actor : actors()) {
            try {
                actor.look();
            } catch (RuntimeException failure) {
                LOG.error("rollout {} could not be decided on; the next tick tries again", actor.id(), failure);
            }
        }
        starter.beginWaiting();
    }

    /**
     * Ends the rollouts whose candidate was deleted. What cannot be read or written now is tried again at the next
     * tick.
     */
    void endDeleted() {
        deletions = true;
        opener.catchUp();
        // A tick that has taken the flag may not have reached every rollout yet, so this looks in any case.
        for (CompletableFuture<Boolean> ending : followDeletions()) {
            try {
                ending.get(SETTLE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException unwritten) {
                LOG.warn("the end of a rollout whose candidate was deleted is written later: {}", unwritten.toString());
            }
        }
        tick();
    }

    /** Brings names up to date, and ends the rollouts whose candidate was deleted where it was not looked yet. */
    private void followModels() {
        opener.catchUp();
        if (deletions) {
            followDeletions();
        }
    }

    /** Answers what becomes of the rollouts. */
    private List<CompletableFuture<Boolean>> followDeletions() {
        List<CompletableFuture<Boolean>> told = new ArrayList<>();
        looking.lock();
        try {
            deletions = false;
            for (RolloutActor actor : actors()) {
                told.add(actor.deleted(opener.deleted(actor.view().rollout())));
            }
            starter.cancelDeleted();
        } catch (RuntimeException failure) {
            deletions = true;
            LOG.warn("deleted candidates are looked for again at the next tick: {}", failure.toString());
        } finally {
            looking.unlock();
        }
        return told;
    }

    /**
     * Does what a person says, and waits until it is kept.
     *
     * @param order empty when it is so already
     */
    void order(String id, Function<Rollout, Optional<Transition>> order, Actor actor, String reason) {
        Optional<RolloutActor> driven = actor(id);
        if (driven.isEmpty()) {
            driven = starter.orderOrFind(id, order, commits.change(actor, reason), () -> actor(id));
        }
        if (driven.isPresent()) {
            join(driven.get().order(order, commits.change(actor, reason)));
        }
    }

    /** The result of the future, or its own failure. */
    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw failed;
        } catch (CancellationException never) {
            throw new IllegalStateException(never);
        }
    }

    /** One at work under the names of now; one that ended lately as it was then. Waits for nothing. */
    public Optional<RolloutView> find(String id) {
        Optional<RolloutActor> driven = actor(id);
        if (driven.isPresent()) {
            return Optional.of(opener.named(driven.get().view()));
        }
        synchronized (ended) {
            return Optional.ofNullable(ended.get(id));
        }
    }

    /** Those at work. Waits for nothing. */
    public Collection<RolloutView> atWork() {
        return actors().stream().map(actor -> opener.named(actor.view())).toList();
    }

    /** Remembers one that has ended; it does not change any more. */
    void keep(RolloutView view) {
        synchronized (ended) {
            ended.put(view.kept().rollout().id(), view);
        }
    }

    /**
     * Keeps what was counted and leaves the rollouts for the next start to go on with. Predictions have ended by then.
     */
    @Override
    public void close() {
        close(STOP);
    }

    /** @param longest how long it waits for all writes together */
    void close(Duration longest) {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        Map<RolloutActor, CompletableFuture<Boolean>> leaving = new LinkedHashMap<>();
        actors().forEach(actor -> leaving.put(actor, actor.leave()));
        long end = System.nanoTime() + longest.toNanos();
        leaving.forEach((actor, left) -> {
            try {
                if (!left.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    LOG.warn("rollout {} could not be left in good order", actor.id());
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException unwritten) {
                LOG.warn("rollout {} could not be left in good order: {}", actor.id(), unwritten.toString());
            }
        });
        synchronized (actors) {
            actors.clear();
        }
    }
}
