package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The problems of requests to a model that is loaded: the model raised, rests, or has too much to do. */
final class ServingProblems {

    private ServingProblems() {}

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
}
