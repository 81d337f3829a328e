package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real models that MLflow wrote, in a real environment of their own. */
@Tag("process")
class MlflowRuntimeTest {

    /** The black box's models ask for the same: a machine builds one environment for both. */
    private static final List<String> REQUIREMENTS = requirements();

    @TempDir
    static Path scratch;

    private static RuntimeFixture runtime;

    @BeforeAll
    static void write() throws Exception {
        try (TemporaryFolder temporary = TemporaryFolder.open();
                Sandbox sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
                Environments environments = new Environments(PythonSettings.defaults(), sandbox)) {
            EnvironmentLock lock =
                    EnvironmentLock.mlflow(Requirements.parse(REQUIREMENTS).taken(), Optional.empty());
            Path python = environments.of(lock).interpreter().get(10, TimeUnit.MINUTES);
            Files.writeString(scratch.resolve("requirements.in"), String.join("\n", REQUIREMENTS));
            try (InputStream code = MlflowRuntimeTest.class.getResourceAsStream("/models/mlflow_models.py")) {
                OddModel.run(python, scratch, new String(code.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        runtime = PythonFixture.open(RuntimeSettings.defaults(), PythonSettings.defaults());
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    private static List<String> requirements() {
        try (InputStream file = MlflowRuntimeTest.class.getResourceAsStream("/models/requirements.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, byte[]> files(String model) {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(scratch.resolve(model))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(scratch.resolve(model).relativize(file).toString(), Files.readAllBytes(file));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return files;
    }

    private static ModelSource source(Map<String, byte[]> files) {
        Signature signature = MlModel.parse(files.get("MLmodel"))
                .signature()
                .orElseGet(() -> Signature.of(
                        Optional.empty(), Optional.empty(), OptionalInt.of(4), List.of(), Optional.empty()));
        return OddModel.source("default/mlflow@1.0.0", files, signature);
    }

    private static String answer(RunningModel model, ModelSource source, String rows) {
        Predictions predictions = model.predict(RowReader.of(source.signature())
                        .read(Json.parse(rows, "rows").valueStream().toList()))
                .join();
        JsonBytes out = new JsonBytes();
        predictions.write(out);
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }

    private static Problem problem(RunningModel model) {
        try {
            model.ready().join();
        } catch (CompletionException failed) {
            return ((ProblemException) failed.getCause()).problem();
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void models_of_every_kept_form_answer_what_they_answer_in_python() throws Exception {
        String rows = Files.readString(scratch.resolve("rows.json"));
        String expected = Files.readString(scratch.resolve("answers.json")).replace(" ", "");
        for (String kept : List.of("skops", "pickled", "unsigned")) {
            ModelSource source = source(files(kept));
            try (RunningModel model = runtime.start(source)) {
                ModelInfo info = model.ready().get(2, TimeUnit.MINUTES);
                assertThat(answer(model, source, rows)).as(kept).isEqualTo(expected);
                assertThat(info.modelClass()).isEqualTo("RandomForestClassifier");
                assertThat(info.packages()).containsEntry("mlflow-skinny", "3.17.2");
                assertThat(info.batchable()).isTrue();
            }
        }
    }

    @Test
    void a_model_gets_the_types_of_its_signature_and_the_defaults_of_its_parameters() throws Exception {
        ModelSource source = source(files("typed"));
        try (RunningModel model = runtime.start(source)) {
            model.ready().get(2, TimeUnit.MINUTES);
            String row = "[{\"c\":\"x\",\"a\":9007199254740993,\"b\":2,\"d\":\"2026-03-01T00:00:00\"}]";
            assertThat(answer(model, source, row))
                    .contains("\"total\":9007199254741003")
                    .containsPattern("\"types\":\"int64,float64,(object|str|string),datetime64");
        }
    }

    @Test
    void an_environment_is_known_before_it_is_asked_for_and_shared_by_its_lock() {
        EnvironmentInfo first = runtime.environment(source(files("skops")));
        assertThat(first.state()).isEqualTo(EnvironmentInfo.State.READY);
        assertThat(first.digest()).startsWith("sha256:");
        assertThat(runtime.environment(source(files("typed")))).isEqualTo(first);
        Map<String, byte[]> other = files("skops");
        other.put("requirements.txt", "mlflow==3.17.2\nscikit-learn==1.9.0".getBytes(StandardCharsets.UTF_8));
        EnvironmentInfo unasked = runtime.environment(source(other));
        assertThat(unasked.state()).isEqualTo(EnvironmentInfo.State.NONE);
        assertThat(unasked.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void conda_yaml_tells_of_the_environment_when_there_is_no_requirements_txt() {
        Map<String, byte[]> conda = files("skops");
        conda.remove("requirements.txt");
        assertThat(runtime.environment(source(conda))).isEqualTo(runtime.environment(source(files("skops"))));
    }

    /** Why a model says that it is not ready, as soon as it waits for its environment. */
    private static String whileItWaits(RunningModel model) throws InterruptedException {
        while (!model.ready().isDone()) {
            ModelInfo info = model.info();
            if (info.why().contains("environment")) {
                assertThat(info.state()).isEqualTo(ModelInfo.State.LOADING);
                assertThat(model.predict(new Instances.Matrix(new double[4], 1, 4)))
                        .failsWithin(Duration.ofSeconds(5))
                        .withThrowableThat()
                        .withMessageContaining("unavailable");
                return info.why();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return "";
    }

    @Test
    @Tag("heavy")
    void an_environment_that_cannot_be_built_is_explained_and_tried_again() throws Exception {
        Map<String, byte[]> files = files("skops");
        files.put(
                "requirements.txt",
                "mlflow==3.17.2\nmodelward-has-no-such-package==1.0".getBytes(StandardCharsets.UTF_8));
        ModelSource source = source(files);
        for (int attempt = 0; attempt < 2; attempt++) {
            try (RunningModel model = runtime.start(source);
                    RunningModel together = runtime.start(source)) {
                assertThat(whileItWaits(model)).contains("building the environment");
                Problem problem = problem(model);
                assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
                assertThat(problem.field()).contains("requirements.txt");
                assertThat(problem.detail())
                        .contains("modelward-has-no-such-package==1.0")
                        .doesNotContain("/var/");
                assertThat(model.info().state()).isEqualTo(ModelInfo.State.FAILED);
                assertThat(model.info().why()).isEqualTo(problem.detail());
                assertThat(problem(together).detail()).isEqualTo(problem.detail());
                EnvironmentInfo info = runtime.environment(source);
                assertThat(info.state()).isEqualTo(EnvironmentInfo.State.FAILED);
                assertThat(info.why()).isEqualTo(problem.detail());
            }
        }
    }

    @Test
    @Tag("heavy")
    void requirements_that_contradict_each_other_are_named() throws Exception {
        Map<String, byte[]> files = files("skops");
        files.put(
                "requirements.txt",
                "mlflow==3.17.2\npandas==2.3.3\npython-dateutil==2.8.1".getBytes(StandardCharsets.UTF_8));
        try (RunningModel model = runtime.start(source(files))) {
            assertThat(problem(model).detail())
                    .contains(
                            "its requirements contradict each other: The user requested python-dateutil==2.8.1; pandas"
                                    + " 2.3.3 depends on python-dateutil>=2.8.2.");
        }
    }

    @Test
    void lines_that_are_no_packages_of_the_registry_are_named_and_nothing_is_installed() {
        Map<String, byte[]> files = files("skops");
        files.put(
                "requirements.txt",
                "mlflow==3.17.2\n--index-url https://evil.example\n-e git+https://evil.example/x"
                        .getBytes(StandardCharsets.UTF_8));
        try (RunningModel model = runtime.start(source(files))) {
            Problem problem = problem(model);
            assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
            assertThat(problem.detail())
                    .contains("--index-url https://evil.example")
                    .contains("-e git+https://evil.example/x");
        }
    }

    @Test
    void a_model_without_a_signature_is_inspected() {
        Inspection inspection = runtime.inspect(source(files("unsigned")), Duration.ofMinutes(1))
                .join()
                .orElseThrow();
        assertThat(inspection.features()).hasValue(4);
        assertThat(inspection.featureNames()).hasSize(4).contains("petal width (cm)");
        assertThat(inspection.output().orElseThrow().path("type").asString("")).isEqualTo("integer");
        assertThat(inspection.signature().input().width()).hasValue(4);
    }

    @Test
    void without_its_environment_a_model_of_scikit_learn_is_inspected_in_the_shared_one() {
        Map<String, byte[]> files = files("unsigned");
        files.put("requirements.txt", "mlflow==3.17.2\nscikit-learn==1.9.0".getBytes(StandardCharsets.UTF_8));
        assertThat(runtime.inspect(source(files), Duration.ofMinutes(1))
                        .join()
                        .orElseThrow()
                        .features())
                .hasValue(4);
        assertThat(runtime.environment(source(files)).state()).isEqualTo(EnvironmentInfo.State.NONE);
    }

    @Test
    void what_cannot_be_inspected_is_unknown_and_no_failure() {
        Map<String, byte[]> damaged = files("unsigned");
        damaged.put("model.skops", new byte[] {1, 2, 3});
        assertThat(runtime.inspect(source(damaged), Duration.ofMinutes(1)).join())
                .isEmpty();
        assertThat(runtime.inspect(source(files("unsigned")), Duration.ofMillis(1))
                        .join())
                .isEmpty();
        Map<String, byte[]> none = Map.of("MLmodel", "flavors: {onnx: {}}".getBytes(StandardCharsets.UTF_8));
        assertThat(runtime.inspect(source(none), Duration.ofMinutes(1)).join()).isEmpty();
    }
}
