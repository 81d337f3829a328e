package io.modelward.gateway.model;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.runtime.RunningModel;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again to load versions that failed and that an endpoint still holds, so that an endpoint comes back by itself
 * when the reason has gone: a full disk, a registry of packages that could not be reached, a slow machine. A few tries
 * at a time, each beside the failed version, which goes on saying that it failed; the pause before a version's next try
 * doubles from 15 s to 10 minutes.
 */
public final class ModelReviver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelReviver.class);
    private static final long LOOK_MILLIS = 1000;
    /** One may wait long for its environment; others must not wait behind it. */
    private static final int AT_ONCE = 4;

    private static final long FIRST = TimeUnit.SECONDS.toNanos(15);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

    private final ModelPool pool;
    private final LongSupplier nanos;

    /** When a failed version is tried again. */
    private record Plan(long due, long pause) {}

    /** A second try that has not ended. */
    private record Try(LoadedModel failed, RunningModel running) {}

    @GuardedBy("this")
    private final IdentityHashMap<LoadedModel, Plan> plans = new IdentityHashMap<>();

    @GuardedBy("this")
    private final List<Try> tries = new ArrayList<>();

    @GuardedBy("this")
    private boolean closed;

    private @Nullable Thread thread;

    /** @param nanos the monotonic clock */
    public ModelReviver(ModelPool pool, LongSupplier nanos) {
        this.pool = pool;
        this.nanos = nanos;
    }

    /** Begins to look by itself; a test calls {@link #look} instead. */
    public void start() {
        thread = Thread.ofPlatform().daemon().name("model-reviver").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Thread.sleep(LOOK_MILLIS);
                    look();
                } catch (InterruptedException stopping) {
                    return;
                } catch (RuntimeException failure) {
                    LOG.warn("looking for versions that failed did not work and is tried again", failure);
                }
            }
        });
    }

    /** Ends the try that is over, and begins the next that is due. */
    public synchronized void look() {
        if (closed) {
            return;
        }
        List<LoadedModel> failed = pool.failed();
        IdentityHashMap<LoadedModel, Plan> kept = new IdentityHashMap<>();
        for (LoadedModel model : failed) {
            kept.put(model, plan(model));
        }
        plans.clear();
        plans.putAll(kept);
        for (Try one : List.copyOf(tries)) {
            if (one.running().ready().isDone()) {
                tries.remove(one);
                finish(one);
            }
        }
        for (LoadedModel model : failed) {
            boolean waits = tries.stream().noneMatch(one -> one.failed() == model);
            if (waits && tries.size() < AT_ONCE && plan(model).due() - nanos.getAsLong() <= 0) {
                begin(model);
            }
        }
    }

    /** The first time a version is seen to have failed, the plan begins. */
    @GuardedBy("this")
    private Plan plan(LoadedModel model) {
        return plans.getOrDefault(model, new Plan(nanos.getAsLong() + FIRST, FIRST));
    }

    @GuardedBy("this")
    private void begin(LoadedModel model) {
        long pause = Math.min(LONGEST, plan(model).pause() * 2);
        plans.put(model, new Plan(nanos.getAsLong() + pause, pause));
        tries.add(new Try(model, pool.startBeside(model)));
    }

    @GuardedBy("this")
    private void finish(Try ended) {
        boolean loaded = !ended.running().ready().isCompletedExceptionally();
        if (loaded && pool.adopt(ended.failed(), ended.running())) {
            LOG.info(
                    "{} is loaded now; it had failed before",
                    ended.failed().version().reference());
            plans.remove(ended.failed());
        } else {
            ended.running().close();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
        synchronized (this) {
            closed = true;
            tries.forEach(one -> one.running().close());
            tries.clear();
        }
    }
}
