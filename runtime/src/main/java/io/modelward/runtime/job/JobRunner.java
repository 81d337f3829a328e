package io.modelward.runtime.job;

import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Runs commands that train, away from the server. What a command leaves behind when it ends is ended with it. */
public interface JobRunner extends AutoCloseable {

    /**
     * What is to be run.
     *
     * @param id of the run
     * @param command the program and its arguments; {@code python} is the one of the environment
     * @param files that lie where the command begins
     * @param requirements lines for pip; none: the environment that pickled models share
     * @param recorded the packages that the environment is to have, a line {@code name==release} each, with
     *     {@code python} among them; none: whatever the requirements bring
     * @param variables of the environment
     * @param secrets texts that are not written to the log
     * @param log a file that does not exist yet
     */
    record Task(
            String id,
            List<String> command,
            List<Input> files,
            List<String> requirements,
            List<String> recorded,
            Map<String, String> variables,
            Set<String> secrets,
            WorkerLimits limits,
            Duration timeout,
            Path log) {}

    /**
     * A file for a command.
     *
     * @param name a file name without folders; {@link #CODE}: a ZIP archive that is unpacked
     * @param size in bytes
     */
    record Input(String name, long size, Source source) {
        /** Stands for the archive of the code. */
        public static final String CODE = "";
    }

    /** Opens a file for reading. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /** What became of a command. */
    enum How {
        /** It ended by itself. */
        EXITED,
        TIMED_OUT,
        /** It took more than it may. */
        LIMITED,
        /** Somebody stopped it. */
        STOPPED,
        /** Its environment or its process could not be made. */
        NOT_STARTED
    }

    /**
     * The end of a command; nothing of it is at work any more.
     *
     * @param code the exit code, of a command that ended by itself
     * @param words a sentence for people
     * @param packages of the environment, a line {@code name==release} each; none when there was no environment
     */
    record Ended(How how, OptionalInt code, String words, List<String> packages) {}

    /** A command at work. */
    interface Running {

        /** Completes when the command and all that it started have ended; never fails. */
        CompletableFuture<Ended> ended();

        /** Ends it: it is told first, and killed when it goes on. */
        void stop(String why);
    }

    /**
     * Looks at the form of the lines for pip that a task would have.
     *
     * @throws io.modelward.core.problem.ProblemException when no environment is built of them, naming the lines
     */
    void check(List<String> requirements);

    /** Starts a command; does not wait for its environment. */
    Running start(Task task);

    /** How far commands are kept apart, in words. */
    String isolation();

    /** Ends all that is at work. */
    @Override
    void close();
}
