package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What callers are told whose request a model does not answer. */
final class ModelProblems {

    /** A version that failed is tried again from time to time. */
    static final int RETRY_SECONDS = 30;

    private ModelProblems() {}

    static ProblemException raised(Engine.Result.Raised raised) {
        return Problem.of(
                        ProblemType.MODEL_FAILED,
                        raised.error().equals("AnswerTooLarge")
                                ? "The model's answer is larger than 64 MiB. Send fewer instances."
                                : "The model raised " + raised.error() + ": " + raised.message())
                .with("error", raised.error())
                .exception();
    }

    static ProblemException resting(String words, Duration pause) {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The model's worker process ended too often and is started again after a pause. The last time: "
                                + words)
                .with("retry_after", Math.max(1, pause.toSeconds()))
                .exception();
    }

    static ProblemException noMemory() {
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "Other answers hold the memory that this one needs. Send the request again in a moment.")
                .with("retry_after", 1)
                .exception();
    }

    static ProblemException overloaded(long waitNanos) {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(waitNanos));
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "The model is overloaded: this request would wait about " + seconds + " s. Try again later.")
                .with("retry_after", seconds)
                .exception();
    }

    /** What is wrong with a version is nothing that the callers of its endpoint have done. */
    static ProblemException forCallers(Problem problem) {
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
}
