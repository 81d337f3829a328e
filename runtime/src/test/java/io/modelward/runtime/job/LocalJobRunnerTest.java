package io.modelward.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.ScriptEnvironments;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalJobRunnerTest extends JobRunnerSuite {

    private static TemporaryFolder temporary;
    private static Sandbox sandbox;
    private static LocalJobRunner runner;

    @BeforeAll
    static void open() throws IOException {
        temporary = TemporaryFolder.open();
        sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
        ScriptEnvironments system = requirements -> requirements.isEmpty()
                ? CompletableFuture.completedFuture(
                        new ScriptEnvironments.Prepared(Path.of("/usr/bin/python3"), List.of("python==3.11.2")))
                : CompletableFuture.failedFuture(ProblemException.refused("requirements", "There is no such package."));
        runner = new LocalJobRunner(sandbox, system);
    }

    @AfterAll
    static void close() throws IOException {
        runner.close();
        sandbox.close();
        temporary.close();
    }

    @Override
    JobRunner runner() {
        return runner;
    }

    @Override
    boolean holdsFiles() {
        return sandbox.isolation().ownDisk();
    }

    @Override
    List<Long> leftOver() {
        List<Integer> users = sandbox.isolation().allUsers();
        return users.isEmpty() ? List.of() : WorkerFamily.ofUsers(users.getFirst(), users.size());
    }

    @Test
    void an_environment_that_cannot_be_built_is_told_of_in_the_words_of_its_problem() throws Exception {
        JobRunner.Task task = new JobRunner.Task(
                "run-unbuildable",
                List.of("python3", "train.py"),
                List.of(),
                List.of("no-such-package"),
                List.of(),
                Map.of(),
                Set.of(),
                WorkerLimits.defaults(),
                Duration.ofSeconds(10),
                folder.resolve("log"));
        JobRunner.Ended end = runner.start(task).ended().get(30, TimeUnit.SECONDS);
        assertThat(end.how()).isEqualTo(JobRunner.How.NOT_STARTED);
        assertThat(end.words()).isEqualTo("There is no such package.");
        assertThat(Files.readString(task.log())).contains("There is no such package.");
    }

    @Test
    void a_run_is_stopped_while_its_environment_is_built() throws Exception {
        CompletableFuture<ScriptEnvironments.Prepared> never = new CompletableFuture<>();
        try (LocalJobRunner waiting = new LocalJobRunner(sandbox, requirements -> never)) {
            JobRunner.Running running = waiting.start(new JobRunner.Task(
                    "run-waiting",
                    List.of("python3", "train.py"),
                    List.of(),
                    List.of("large"),
                    List.of(),
                    Map.of(),
                    Set.of(),
                    WorkerLimits.defaults(),
                    Duration.ofSeconds(10),
                    folder.resolve("log")));
            running.stop("somebody stopped it");
            JobRunner.Ended end = running.ended().get(10, TimeUnit.SECONDS);
            assertThat(end.how()).isEqualTo(JobRunner.How.STOPPED);
            assertThat(end.words()).contains("somebody stopped it");
        }
    }

    private static final List<String> SHARED = List.of("pip==24.0", "python==3.13.1", "scikit-learn==1.7.0");

    /** What the runner asks for, where the shared environment has {@link #SHARED}. */
    private List<List<String>> asked(List<String> requirements, List<String> recorded) throws Exception {
        List<List<String>> asked = new CopyOnWriteArrayList<>();
        ScriptEnvironments environments = lines -> {
            asked.add(lines);
            return lines.isEmpty()
                    ? CompletableFuture.completedFuture(new ScriptEnvironments.Prepared(Path.of("python3"), SHARED))
                    : CompletableFuture.failedFuture(ProblemException.refused("requirements", "It is not built."));
        };
        try (LocalJobRunner recording = new LocalJobRunner(sandbox, environments)) {
            recording
                    .start(new JobRunner.Task(
                            "run-recorded",
                            List.of("no-such-command"),
                            List.of(),
                            requirements,
                            recorded,
                            Map.of(),
                            Set.of(),
                            WorkerLimits.defaults(),
                            Duration.ofSeconds(10),
                            Files.createTempDirectory(folder, "recorded").resolve("log")))
                    .ended()
                    .get(30, TimeUnit.SECONDS);
        }
        return asked;
    }

    @Test
    void an_environment_as_it_was_recorded_is_the_shared_one_where_that_has_the_same_packages() throws Exception {
        assertThat(asked(List.of(), List.of("pip==23.0", "python==3.13.1", "scikit-learn==1.7.0")))
                .containsExactly(List.of());
        assertThat(asked(List.of(), List.of("pip==24.0", "python==3.13.1", "scikit-learn==1.6.0")))
                .containsExactly(List.of(), List.of("scikit-learn==1.6.0"));
        assertThat(asked(List.of("scikit-learn"), List.of("numpy==2.1.0", "python==3.13.1", "scikit-learn==1.6.0")))
                .containsExactly(List.of("numpy==2.1.0", "scikit-learn==1.6.0"));
    }

    @Test
    void the_client_of_this_release_is_given_whole() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../python/src/modelward"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".py") || name.equals("VERSION")))
                    .containsExactlyInAnyOrderElementsOf(JobPrograms.CLIENT);
        }
    }
}
