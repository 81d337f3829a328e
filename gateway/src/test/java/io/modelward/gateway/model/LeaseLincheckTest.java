package io.modelward.gateway.model;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of short histories of {@link Lease} must look like one after the other of {@link Sequential}:
 * nobody comes in after retire, and the end happens once, in the call of whoever leaves last or retires it, with nobody
 * in.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Tag("simulation")
@Tag("heavy")
public class LeaseLincheckTest {

    private static final int MOST_THREADS = 8;

    private final ThreadLocal<Boolean> ended = ThreadLocal.withInitial(() -> false);
    private final Lease lease = new Lease(() -> ended.set(true));
    /** How often each thread is in; only it touches its own. What runs before and after the threads has numbers too. */
    private final int[] in = new int[MOST_THREADS];

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        boolean acquired = lease.acquire();
        in[thread] += acquired ? 1 : 0;
        return acquired;
    }

    /** Whether this call ran the end; false too when the thread is not in. */
    @Operation
    public boolean release(@Param(name = "thread") int thread) {
        if (in[thread] == 0) {
            return false;
        }
        in[thread]--;
        lease.release();
        return ended();
    }

    @Operation
    public boolean retire() {
        lease.retire();
        return ended();
    }

    @Operation
    public int users() {
        return lease.users();
    }

    private boolean ended() {
        boolean mine = ended.get();
        ended.set(false);
        return mine;
    }

    /** What a lease is to a caller who is alone. */
    public static class Sequential {

        private final int[] in = new int[MOST_THREADS];
        private int users;
        private boolean retired;

        public boolean acquire(int thread) {
            if (retired) {
                return false;
            }
            in[thread]++;
            users++;
            return true;
        }

        public boolean release(int thread) {
            if (in[thread] == 0) {
                return false;
            }
            in[thread]--;
            users--;
            return retired && users == 0;
        }

        public boolean retire() {
            boolean ends = !retired && users == 0;
            retired = true;
            return ends;
        }

        public int users() {
            return users;
        }
    }

    @Test
    void a_lease_ends_once_with_nobody_in_and_lets_nobody_in_afterwards() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(20)
                .invocationsPerIteration(300)
                .sequentialSpecification(Sequential.class)
                .check(LeaseLincheckTest.class);
    }
}
