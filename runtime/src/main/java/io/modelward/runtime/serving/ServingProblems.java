package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The problems of requests to a model that is loaded: the model raised, rests, or has too much to do. */
final class ServingProblems {

    /** A version that failed is tried again from time to time. */
    static final int RETRY_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(ServingProblems.class);

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

    static ProblemException unloaded() {
        return Problem.of(ProblemType.UNAVAILABLE, "This version is not loaded any more. Try again.")
                .with("retry_after", 1)
                .exception();
    }

    static ProblemException unexpected() {
        return Problem.of(
                        ProblemType.UNAVAILABLE, "The model could not be run for a reason that the server's log names.")
                .with("retry_after", RETRY_SECONDS)
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

    /** A fault of a version is not a fault of its endpoint's callers. */
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

    /** Why a version's engine could not begin, in words for an operator. */
    static String words(String reference, Exception died) {
        if (died instanceof UncheckedIOException wrapped) {
            return words(reference, Objects.requireNonNull(wrapped.getCause()));
        }
        if (died instanceof FileSystemException onDisk) {
            LOG.warn("the directory of a worker of {} could not be made", reference, onDisk);
            return "its directory could not be made; the server's log says why";
        }
        return String.valueOf(died.getMessage());
    }
}
