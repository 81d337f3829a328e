package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real workers, and models that do everything a model should not. */
@Tag("process")
class PythonRuntimeTest {

    private static final int OK = 0;
    private static final int RAISE = 1;
    private static final int DIE = 2;
    private static final int EXIT = 3;
    private static final int PRINT = 4;
    private static final int SLEEP = 5;
    private static final int SCRIBBLE = 6;
    private static final int HUGE = 7;
    private static final int SPY = 8;
    private static final int NAN = 9;

    /** For what takes a busy machine longer than the others' timeout. */
    private static final Duration PATIENT = Duration.ofSeconds(90);

    @TempDir
    static Path scratch;

    private static Path python;
    private static RuntimeFixture runtime;
    private static ModelSource odd;
    private static Path secret;

    @BeforeAll
    static void start() throws Exception {
        try (TemporaryFolder temporary = TemporaryFolder.open();
                Sandbox sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
                Environments environments = new Environments(PythonSettings.defaults(), sandbox)) {
            python = environments.shared().interpreter().get(10, TimeUnit.MINUTES);
        }
        runtime = open(Duration.ofSeconds(2));
        secret = Files.createDirectory(scratch.resolve("data")).resolve("catalog.sqlite");
        Files.writeString(secret, "secret");
        Files.setPosixFilePermissions(
                secret.getParent(), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        odd = OddModel.odd(
                python, scratch, secret + " /proc/" + ProcessHandle.current().pid() + "/environ");
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    private static RuntimeFixture open(Duration requestTimeout) {
        return PythonFixture.open(
                new RuntimeSettings(
                        requestTimeout,
                        requestTimeout.multipliedBy(2),
                        Duration.ofSeconds(60),
                        WorkerLimits.defaults()),
                new PythonSettings(Duration.ofMinutes(10), false, Optional.empty(), Optional.of(python)));
    }

    private static RunningModel ready(ModelSource source) {
        RunningModel model = runtime.start(source);
        model.ready().join();
        return model;
    }

    private static Instances row(int order, double argument) {
        return new Instances.Matrix(new double[] {order, argument}, 1, 2);
    }

    private static String json(Predictions predictions) {
        JsonBytes out = new JsonBytes();
        predictions.write(out);
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }

    private static Problem problem(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException failed) {
            return ((ProblemException) failed.getCause()).problem();
        }
        throw new AssertionError("it did not fail");
    }

    /** The answer of a worker that is being replaced, which takes a busy machine longer than one request waits. */
    private static String answerOfTheNext(RunningModel model, int argument) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                return json(model.predict(row(OK, argument)).join());
            } catch (CompletionException failed) {
                Problem problem = ((ProblemException) failed.getCause()).problem();
                assertThat(problem.type())
                        .as(problem.detail())
                        .isIn(ProblemType.TIMEOUT, ProblemType.UNAVAILABLE, ProblemType.OVERLOADED);
                assertThat(i).as("requests that were not answered").isLessThan(100);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    @Test
    void with_many_callers_and_some_bad_rows_each_gets_its_own_answer() {
        try (RunningModel model = ready(odd)) {
            Random random = new Random(11);
            List<CompletableFuture<Predictions>> answers = new ArrayList<>();
            List<Boolean> bad = new ArrayList<>();
            List<double[]> asked = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                int rows = 1 + random.nextInt(3);
                boolean raises = random.nextInt(10) == 0;
                double[] values = new double[rows * 2];
                for (int row = 0; row < rows; row++) {
                    values[row * 2 + 1] = i * 10 + row;
                }
                values[random.nextInt(rows) * 2] = raises ? RAISE : OK;
                asked.add(values);
                bad.add(raises);
                answers.add(model.predict(new Instances.Matrix(values, rows, 2)));
            }
            int together = 0;
            for (int i = 0; i < answers.size(); i++) {
                if (bad.get(i)) {
                    Problem problem = problem(answers.get(i));
                    assertThat(problem.type()).isEqualTo(ProblemType.MODEL_FAILED);
                    assertThat(problem.detail()).contains("ValueError").contains("this row is bad");
                } else {
                    Predictions predictions = answers.get(i).join();
                    List<Double> expected = new ArrayList<>();
                    for (int row = 0; row < predictions.rows(); row++) {
                        expected.add(asked.get(i)[row * 2 + 1]);
                    }
                    assertThat(json(predictions)).isEqualTo(expected.toString().replace(" ", ""));
                    together = Math.max(together, predictions.batchRequests());
                }
            }
            assertThat(together).as("requests computed together").isGreaterThan(10);
            assertThat(model.info().restarts()).isZero();
        }
    }

    @Test
    void a_model_that_prints_harms_nobody() {
        try (RunningModel model = ready(odd)) {
            assertThat(json(model.predict(row(PRINT, 1)).join())).isEqualTo("[5.0]");
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
            assertThat(model.info().restarts()).isZero();
        }
    }

    @Test
    void a_model_that_leaves_by_a_plain_exit_fails_only_its_request() {
        try (RunningModel model = ready(odd)) {
            assertThat(problem(model.predict(row(EXIT, 1))).detail()).contains("SystemExit");
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
            assertThat(model.info().restarts()).isZero();
        }
    }

    @Test
    void a_worker_that_dies_fails_its_batch_and_the_next_request_is_answered() throws Exception {
        try (RunningModel model = ready(odd)) {
            for (int order : new int[] {DIE, SCRIBBLE}) {
                Problem lost = problem(model.predict(row(order, 1)));
                assertThat(lost.type()).isEqualTo(ProblemType.MODEL_FAILED);
                assertThat(lost.extra()).containsEntry("error", "WorkerDied");
                assertThat(answerOfTheNext(model, order)).isEqualTo("[" + (double) order + "]");
            }
            assertThat(model.info().restarts()).isEqualTo(2);
        }
    }

    @Test
    void an_answer_that_is_too_large_fails_alone() {
        try (RuntimeFixture patient = open(PATIENT);
                RunningModel model = patient.start(odd)) {
            model.ready().join();
            assertThat(problem(model.predict(row(HUGE, 1))).detail()).contains("larger than 64 MiB");
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
            assertThat(model.info().restarts()).isZero();
        }
    }

    @Test
    void a_missing_number_is_null_and_an_answer_that_json_cannot_say_fails_alone() {
        try (RunningModel model = ready(odd)) {
            assertThat(json(model.predict(row(NAN, 1)).join())).isEqualTo("[null]");
            assertThat(problem(model.predict(row(NAN, 2))).detail())
                    .contains("AnswerValue")
                    .contains("infinite");
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
        }
    }

    @Test
    void a_request_that_takes_too_long_gets_a_timeout_and_the_next_is_answered() throws Exception {
        try (RunningModel model = ready(odd)) {
            CompletableFuture<Predictions> slow = model.predict(row(SLEEP, 60));
            assertThat(problem(slow).type()).isEqualTo(ProblemType.TIMEOUT);
            assertThat(answerOfTheNext(model, 1)).isEqualTo("[1.0]");
        }
    }

    @Test
    void a_worker_that_is_stopped_is_replaced() throws Exception {
        try (RunningModel model = ready(odd)) {
            long pid = worker();
            new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
            assertThat(problem(model.predict(row(OK, 1))).type()).isEqualTo(ProblemType.TIMEOUT);
            assertThat(answerOfTheNext(model, 2)).isEqualTo("[2.0]");
            assertThat(worker()).isNotEqualTo(pid);
        }
    }

    /** The one worker of this test, found as an operator would find it: its command line ends with the version. */
    private static long worker() throws Exception {
        List<Long> found = new ArrayList<>();
        for (ProcessHandle child : ProcessHandle.current().descendants().toList()) {
            Path commandLine = Path.of("/proc", Long.toString(child.pid()), "cmdline");
            String[] words = Files.readString(commandLine).split("\0");
            if (words[words.length - 1].equals("default/odd@1.0.0")) {
                found.add(child.pid());
            }
        }
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void a_worker_that_was_killed_while_idle_costs_nobody_an_answer() throws Exception {
        try (RuntimeFixture patient = open(PATIENT);
                RunningModel model = patient.start(odd)) {
            model.ready().join();
            long pid = worker();
            new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
            assertThat(worker()).isNotEqualTo(pid);
        }
    }

    @Test
    void a_worker_that_keeps_dying_rests_and_comes_back() throws Exception {
        // While it is started again, requests wait.
        try (RuntimeFixture patient = open(PATIENT);
                RunningModel model = patient.start(odd)) {
            model.ready().join();
            Problem last = null;
            for (int i = 0; i < 8; i++) {
                last = problem(model.predict(row(DIE, 1)));
                if (last.type() == ProblemType.UNAVAILABLE) {
                    break;
                }
            }
            assertThat(last.type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(last.extra()).containsKey("retry_after");
            for (int i = 0; i < 40 && model.info().state() != ModelInfo.State.READY; i++) {
                TimeUnit.SECONDS.sleep(1);
            }
            assertThat(json(model.predict(row(OK, 1)).join())).isEqualTo("[1.0]");
        }
    }

    @Test
    void a_request_that_would_wait_too_long_is_refused_at_once() {
        try (RunningModel model = ready(odd)) {
            for (int i = 0; i < 8; i++) {
                model.predict(row(SLEEP, 1.2)).join();
            }
            model.predict(row(SLEEP, 1.2));
            // The first that is answered before the model wakes is answered without the model.
            Optional<CompletableFuture<Predictions>> atOnce = IntStream.range(0, 600)
                    .mapToObj(i -> model.predict(row(OK, i)))
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .findFirst();
            Problem refused = problem(atOnce.orElseThrow());
            assertThat(refused.type()).isEqualTo(ProblemType.OVERLOADED);
            assertThat(refused.extra()).containsKey("retry_after");
        }
    }

    /** What the spy finds where nothing holds it back: a spy that finds nothing anywhere would show nothing. */
    @Test
    void a_curious_model_that_is_not_confined_gets_everything() throws Exception {
        Path code = Files.createDirectories(scratch.resolve("free/.modelward/code"));
        Files.copy(scratch.resolve("odd.py"), code.resolve("odd.py"));
        String targets = secret + " /proc/" + ProcessHandle.current().pid() + "/environ";
        Files.writeString(scratch.resolve("free/targets.txt"), targets);
        OddModel.run(python, code, """
                import os, odd, socket
                listener = socket.create_server(("127.0.0.1", 0))
                os.environ.update(A_SECRET="x", SPY_PORT=str(listener.getsockname()[1]))
                kept = open("/etc/hostname")
                found = odd.Odd.spy()
                for wanted in ("read %s", "environ", "connected", "A_SECRET", "descriptor"):
                    assert wanted in found, (wanted, found)
                """.formatted(secret));
    }

    @Test
    void a_curious_model_gets_nothing_where_the_level_of_isolation_says_so() {
        try (RunningModel model = ready(odd)) {
            String found = json(model.predict(row(SPY, 0)).join());
            boolean ownUser =
                    runtime.describe().path("isolation").path("own_user").asBoolean(false);
            boolean noNetwork =
                    runtime.describe().path("isolation").path("no_network").asBoolean(false);
            assertThat(found).doesNotContain("SECRET").doesNotContain("descriptor");
            if (ownUser) {
                assertThat(found)
                        .doesNotContain(secret.toString())
                        .doesNotContain("environ")
                        .doesNotContain("root");
            }
            if (noNetwork) {
                assertThat(found).doesNotContain("network").doesNotContain("connected");
            }
        }
    }

    @Test
    void a_model_that_cannot_be_loaded_is_explained_with_the_python_error() throws Exception {
        Files.writeString(scratch.resolve("elsewhere.py"), "class Lost:\n    def predict(self, rows): return rows\n");
        OddModel.run(python, scratch, "import joblib, elsewhere; joblib.dump(elsewhere.Lost(), 'lost.joblib')");
        ModelSource lost = OddModel.source(
                Map.of("model.joblib", Files.readAllBytes(scratch.resolve("lost.joblib"))), odd.signature());
        Problem problem = problem(runtime.start(lost).ready());
        assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(problem.detail()).contains("ModuleNotFoundError").contains("elsewhere");

        ModelSource garbage = OddModel.source(Map.of("model.joblib", new byte[] {1, 2, 3}), odd.signature());
        assertThat(problem(runtime.start(garbage).ready()).detail()).contains("cannot be loaded");

        ModelSource text = OddModel.source(Map.of("weights.bin", new byte[] {1}), odd.signature());
        assertThatThrownBy(() -> runtime.start(text)).hasMessageContaining("model.joblib");
    }

    @Test
    void another_release_of_a_package_is_reported() throws Exception {
        Map<String, byte[]> files = new java.util.TreeMap<>();
        for (var file : odd.files()) {
            try (var in = odd.opener().open(file)) {
                files.put(file.path().value(), in.readAllBytes());
            }
        }
        files.put(
                ".modelward/environment.json",
                "{\"python\":\"3.8.1\",\"packages\":{\"numpy\":\"1.0.0\"}}".getBytes(StandardCharsets.UTF_8));
        try (RunningModel model = runtime.start(OddModel.source(files, odd.signature()))) {
            ModelInfo info = model.ready().join();
            assertThat(info.warnings())
                    .anyMatch(warning -> warning.startsWith("saved with Python 3.8.1, loaded with Python 3."))
                    .anyMatch(warning -> warning.startsWith("saved with numpy 1.0.0, loaded with numpy "));
        }
    }

    @Test
    void damaged_bytes_are_never_given_to_python() {
        ModelSource damaged = new ModelSource(
                odd.reference(),
                odd.digest(),
                odd.files(),
                file -> file.path().value().equals("model.joblib")
                        ? new java.io.ByteArrayInputStream(new byte[(int) file.size()])
                        : odd.opener().open(file),
                odd.signature());
        assertThat(problem(runtime.start(damaged).ready()).detail()).contains("modelward verify");
    }

    @Test
    void nothing_is_left_of_a_model_that_was_closed() throws Exception {
        RunningModel model = ready(odd);
        long pid = worker();
        model.close();
        for (int i = 0; i < 200 && ProcessHandle.of(pid).isPresent(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(problem(model.predict(row(OK, 1))).type()).isEqualTo(ProblemType.UNAVAILABLE);
    }
}
