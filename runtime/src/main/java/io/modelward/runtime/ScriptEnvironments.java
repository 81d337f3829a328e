package io.modelward.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes environments that scripts of people run in. */
public interface ScriptEnvironments {

    /**
     * An environment that is there.
     *
     * @param python its interpreter
     * @param packages what it has, a line {@code name==release} for each package, in the order of the names, with
     *     {@code python} among them
     */
    record Prepared(Path python, List<String> packages) {}

    /**
     * Prepares an environment, which may take minutes.
     *
     * @param requirements lines for pip; none: the environment that pickled models share
     * @return fails with a {@link io.modelward.core.problem.ProblemException} that says why there is none
     */
    CompletableFuture<Prepared> prepare(List<String> requirements);

    /**
     * Looks at the form of lines, without building anything; where every line is taken as it is, nothing is asked.
     *
     * @throws io.modelward.core.problem.ProblemException when a line is none that an environment is built of
     */
    default void check(List<String> requirements) {}
}
