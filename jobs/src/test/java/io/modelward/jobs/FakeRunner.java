package io.modelward.jobs;

import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.job.JobRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Runs nothing: the test says when and how each run ends. */
final class FakeRunner implements JobRunner {

    final List<FakeRun> runs = new ArrayList<>();

    static final class FakeRun implements Running {
        final Task task;
        private final CompletableFuture<Ended> ended = new CompletableFuture<>();

        private FakeRun(Task task) {
            this.task = task;
        }

        String token() {
            return task.variables().get("MODELWARD_TOKEN");
        }

        @Override
        public CompletableFuture<Ended> ended() {
            return ended;
        }

        void end(int code) {
            end(new Ended(
                    How.EXITED,
                    OptionalInt.of(code),
                    "The command ended with exit code " + code + ".",
                    List.of("numpy==2.4.6")));
        }

        void end(Ended end) {
            try {
                Files.writeString(task.log(), "what it wrote\n");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            ended.complete(end);
        }

        @Override
        public void stop(String why) {
            if (!ended.isDone()) {
                end(new Ended(How.STOPPED, OptionalInt.empty(), "The run was ended: " + why + ".", List.of()));
            }
        }
    }

    @Override
    public void check(List<String> requirements) {
        if (requirements.contains("--none")) {
            throw ProblemException.refused("requirements", "An option is no requirement.");
        }
    }

    @Override
    public synchronized Running start(Task task) {
        FakeRun run = new FakeRun(task);
        runs.add(run);
        return run;
    }

    FakeRun last() {
        return runs.getLast();
    }

    @Override
    public String isolation() {
        return "nothing runs";
    }

    @Override
    public void close() {
        runs.forEach(run -> run.stop("the server is stopping"));
    }
}
