package io.modelward.server.http;

import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.memory.MemoryShare;

/**
 * The memory for bodies and answers, by the kind of request. Together the shares take less than half of the heap: what
 * they do not count, such as the catalog's rows and the JVM's own copies while it collects garbage, needs room too.
 *
 * @param small predictions with a body of at most {@link #SMALL} bytes; they are never refused because of large ones
 * @param large all other predictions
 * @param answers of predictions
 * @param documents bodies of the native API: cards, contracts, reasons
 * @param mlflow bodies of MLflow's clients
 */
public record RequestMemory(
        MemoryShare small, MemoryShare large, MemoryShare answers, MemoryShare documents, MemoryShare mlflow) {

    /** In bytes. */
    public static final int SMALL = 64 << 10;

    /** @param heap in bytes, the most that the JVM uses */
    public static RequestMemory of(MemoryBudget budget, long heap) {
        return new RequestMemory(
                budget.share("small predictions", part(heap, 0.04)),
                budget.share("large predictions", part(heap, 0.18)),
                budget.share("answers", part(heap, 0.14)),
                budget.share("documents", part(heap, 0.06)),
                budget.share("mlflow", part(heap, 0.08)));
    }

    private static long part(long heap, double share) {
        return Math.max(1 << 20, (long) (heap * share));
    }
}
