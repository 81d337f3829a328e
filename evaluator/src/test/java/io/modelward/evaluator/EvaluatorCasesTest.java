package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random models of scikit-learn: the evaluator answers what the worker answers. */
class EvaluatorCasesTest {

    private static final int FIXED_SEED = 20_000;

    @TempDir
    Path folder;

    @Test
    void the_models_of_a_fixed_seed_are_answered_as_the_worker_answers() throws Exception {
        check(FIXED_SEED, 300);
    }

    @Test
    @Tag("heavy")
    void many_models_are_answered_as_the_worker_answers() throws Exception {
        check(ThreadLocalRandom.current().nextInt(1_000_000, 1_000_000_000), 3_000);
    }

    private void check(int seed, int count) throws Exception {
        System.out.println(getClass().getSimpleName() + " makes " + count + " models from seed " + seed);
        make(seed, count);
        List<String> problems = new ArrayList<>();
        int described = 0;
        int leftOut = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                ModelCase model = ModelCase.read(file);
                if (!model.reason().isEmpty()) {
                    continue;
                }
                described++;
                for (String difference : model.differences()) {
                    problems.add(model.name() + ", " + difference);
                }
                leftOut += model.leftOut();
            }
        }
        assertThat(problems).isEmpty();
        assertThat(leftOut)
                .as("inputs, of about ten for each model, whose answers depend on the last bits")
                .isLessThan(count / 2 + 5);
        assertThat(described).as("models that have a form").isGreaterThan(count / 2);
    }

    private void make(int seed, int count) throws Exception {
        Path script = Path.of(System.getProperty("modelward.root"), "python/tests/form_cases.py");
        assertThat(script).exists();
        Optional<Path> python = python();
        assumeThat(python)
                .as("a Python with the worker's packages; MODELWARD_PYTHON names one")
                .isPresent();
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        Process process = new ProcessBuilder(
                        python.orElseThrow().toString(),
                        script.toString(),
                        "--seed",
                        Integer.toString(seed),
                        "--count",
                        Integer.toString(count),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }

    /** The interpreter that the environment names, or that of a worker's environment that the server has made. */
    private static Optional<Path> python() throws IOException {
        String named = System.getenv("MODELWARD_PYTHON");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        List<Path> caches = List.of(
                Path.of("/var/cache/modelward"), Path.of(System.getProperty("user.home"), ".cache", "modelward"));
        for (Path cache : caches) {
            if (!Files.isDirectory(cache)) {
                continue;
            }
            try (DirectoryStream<Path> environments = Files.newDirectoryStream(cache, "worker-*")) {
                for (Path environment : environments) {
                    if (Files.exists(environment.resolve("READY"))) {
                        return Optional.of(environment.resolve("venv/bin/python"));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
