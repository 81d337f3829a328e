package io.modelward.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Catches the problem that something is expected to report. */
public final class Problems {

    private Problems() {}

    public static Problem invalid(String field, ThrowingCallable code) {
        return of(ProblemType.INVALID, field, code);
    }

    public static Problem refused(String field, ThrowingCallable code) {
        return of(ProblemType.REFUSED, field, code);
    }

    private static Problem of(ProblemType type, String field, ThrowingCallable code) {
        Throwable thrown = catchThrowable(code);
        assertThat(thrown).isInstanceOf(ProblemException.class);
        Problem problem = ((ProblemException) thrown).problem();
        assertThat(problem.field()).as(problem.detail()).contains(field);
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        assertThat(problem.detail()).hasSizeLessThan(500).doesNotContain("tools.jackson", "java.", "Exception");
        return problem;
    }
}
