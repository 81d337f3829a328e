package io.modelward.runtime.python;

import io.modelward.runtime.EnvironmentInfo;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** One environment that workers run in, there or on its way. */
final class PythonEnvironment {

    private final CompletableFuture<Path> interpreter;
    private volatile EnvironmentInfo info;

    private PythonEnvironment(CompletableFuture<Path> interpreter, EnvironmentInfo info) {
        this.interpreter = interpreter;
        this.info = info;
    }

    static PythonEnvironment ready(String digest, Path interpreter) {
        return new PythonEnvironment(
                CompletableFuture.completedFuture(interpreter),
                new EnvironmentInfo(digest, EnvironmentInfo.State.READY, ""));
    }

    static PythonEnvironment waiting(String digest) {
        return new PythonEnvironment(
                new CompletableFuture<>(),
                new EnvironmentInfo(digest, EnvironmentInfo.State.WAITING, "another environment is built first"));
    }

    /**
     * Completes with the interpreter, or fails with a {@link io.modelward.core.problem.ProblemException} that says why
     * there is none.
     */
    CompletableFuture<Path> interpreter() {
        return interpreter;
    }

    EnvironmentInfo info() {
        return info;
    }

    void building() {
        info = info.in(EnvironmentInfo.State.BUILDING, "its packages are being installed");
    }

    void done(Path python) {
        info = info.in(EnvironmentInfo.State.READY, "");
        interpreter.complete(python);
    }

    void fail(io.modelward.core.problem.ProblemException problem) {
        info = info.in(EnvironmentInfo.State.FAILED, problem.problem().detail());
        interpreter.completeExceptionally(problem);
    }
}
