package io.modelward.registry;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.disk.DiskFull;
import java.util.Optional;

/** Says what a failure of the disk means for callers. */
public final class StorageFailure {

    private StorageFailure() {}

    /** Of kind STORAGE_FULL when the failure, or what caused it, says that the disk is full; else empty. */
    public static Optional<Problem> problem(Throwable failure) {
        return DiskFull.is(failure)
                ? Optional.of(Problem.of(
                        ProblemType.STORAGE_FULL,
                        "The server's disk is full. Nothing was changed. Free space on it and try again."))
                : Optional.empty();
    }
}
