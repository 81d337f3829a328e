package io.modelward.gateway.model;

import io.modelward.core.version.ModelName;
import io.modelward.runtime.RunningModel;
import org.jspecify.annotations.Nullable;

/**
 * A version in memory, or on its way there: one for each version, however many endpoints serve it. The running model
 * beneath it is replaced when it failed and is started anew; every holder then has the new one.
 */
public final class LoadedModel {

    /** How often a use is tried again because the running model is just being replaced. */
    private static final int ROUNDS = 10;

    /** A running model, with the count of its users. */
    private record Run(RunningModel running, Lease lease) {
        static Run of(RunningModel running) {
            return new Run(running, new Lease(running::close));
        }
    }

    private volatile ServableVersion version;
    private volatile Run run;

    public LoadedModel(ServableVersion version, RunningModel running) {
        this.version = version;
        this.run = Run.of(running);
    }

    /** With the name that its model has now. */
    public ServableVersion version() {
        return version;
    }

    /** Its model has this name from now on. */
    void rename(ModelName now) {
        if (!version.model().equals(now)) {
            version = version.named(now);
        }
    }

    /** The running model now. To compute with it, {@link #use} it. */
    public RunningModel running() {
        return run.running();
    }

    /** How many requests use the version now. */
    public int users() {
        return run.lease().users();
    }

    /** Keeps the running model from ending, until {@link #leave}. */
    public record Use(RunningModel running, Lease lease) {

        /** Once. */
        public void leave() {
            lease.release();
        }
    }

    /**
     * Begins a use, or answers null when the version is not kept in memory any more: then look for its successor.
     */
    // The very run that was read before, not one that is equal to it.
    @SuppressWarnings("ReferenceEquality")
    public @Nullable Use use() {
        for (int round = 0; round < ROUNDS; round++) {
            Run now = run;
            if (now.lease().acquire()) {
                return new Use(now.running(), now.lease());
            }
            if (now == run) {
                return null;
            }
        }
        return null;
    }

    /** Puts another running model in the place of the present one, which ends after its last use. */
    void replace(RunningModel next) {
        Run before = run;
        run = Run.of(next);
        before.lease().retire();
    }

    /** The version is not kept any more; the running model ends after its last use. */
    void retire() {
        run.lease().retire();
    }
}
