package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
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
import io.modelward.runtime.ServedBy;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.portable.Evaluation;
import io.modelward.runtime.portable.EvaluatorMemory;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Versions that the server takes over from their workers, or leaves to them. */
class EvaluatedModelsTest {

    private static final String FOUR =
            "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}";
    private static final String FOREST =
            "from sklearn.datasets import load_iris; from sklearn.ensemble import RandomForestClassifier as F;"
                    + " x, y = load_iris(return_X_y=True); m = F(30, random_state=7).fit(x, y); rows = x[::7] + 0.05;";

    private static final int WORKERS = 2;
    /** Less than the forests of all tests take, and more than two of them. */
    private static final long BUDGET = 100 << 10;

    @TempDir
    static Path scratch;

    private static Path python;
    private static RuntimeFixture runtime;

    @BeforeAll
    static void start() throws Exception {
        try (TemporaryFolder temporary = TemporaryFolder.open();
                Sandbox sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
                Environments environments = new Environments(PythonSettings.defaults(), sandbox)) {
            python = environments.shared().interpreter().get(10, TimeUnit.MINUTES);
        }
        runtime = PythonFixture.open(
                new RuntimeSettings(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        WorkerLimits.defaults(),
                        true,
                        WORKERS,
                        BUDGET),
                new PythonSettings(Duration.ofMinutes(10), false, Optional.empty(), Optional.of(python)));
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    /** A version of a model {@code m}, with what {@code m} answers to {@code rows}. */
    private record Made(ModelSource source, Instances.Matrix rows, String expected) {}

    /** By the code of a model, where the model was written. */
    private static final Map<String, Path> WRITTEN = new HashMap<>();

    /** Writes the models of these codes that are not written yet, in one process. */
    private static void write(List<String> codes) throws Exception {
        StringBuilder script = new StringBuilder("import joblib, json\n");
        for (String code : codes) {
            if (!WRITTEN.containsKey(code)) {
                String name = "written" + WRITTEN.size();
                WRITTEN.put(code, Files.createDirectories(scratch.resolve(name)));
                script.append(code)
                        .append(" joblib.dump(m, '%1$s/model.joblib'); json.dump({'rows': rows.tolist(),"
                                        .formatted(name)
                                + " 'answers': m.predict(rows).tolist()}, open('%1$s/told', 'w'))\n".formatted(name));
            }
        }
        OddModel.run(python, scratch, script.toString());
    }

    private static Made made(String name, String code, String output) throws Exception {
        if (!WRITTEN.containsKey(code)) {
            write(List.of(code));
        }
        Path folder = WRITTEN.get(code);
        JsonNode told = Json.parse(Files.readAllBytes(folder.resolve("told")), "told");
        JsonNode rows = told.path("rows");
        int width = rows.get(0).size();
        double[] values = new double[rows.size() * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(i / width).get(i % width).doubleValue();
        }
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.joblib", Files.readAllBytes(folder.resolve("model.joblib")));
        files.put(
                ".modelward/sample.json",
                ("{\"instances\":[" + Json.write(rows.get(0)) + "]}").getBytes(StandardCharsets.UTF_8));
        return new Made(
                OddModel.source("default/" + name + "@1.0.0", files, OddModel.signature(FOUR, output)),
                new Instances.Matrix(values, rows.size(), width),
                Json.write(told.path("answers")));
    }

    private static ModelInfo ready(RunningModel model) {
        return model.ready().join();
    }

    private static String json(Predictions predictions) {
        JsonBytes out = new JsonBytes();
        predictions.write(out);
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }

    private static List<Path> forms() throws IOException {
        Path folder = runtime.workerDirectory().resolveSibling("forms");
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.toList();
        }
    }

    @Test
    void a_forest_is_taken_over_and_its_worker_ends() throws Exception {
        Made forest = made("forest", FOREST, null);
        try (RunningModel model = runtime.start(forest.source())) {
            ModelInfo info = ready(model);
            assertThat(info.served().by()).as(info.served().reason()).isEqualTo(ServedBy.Computer.EVALUATOR);
            assertThat(info.kind()).isEqualTo(Evaluation.KIND);
            assertThat(info.served().nodesReached())
                    .isEqualTo(info.served().nodes())
                    .isPositive();
            assertThat(info.served().largestDifference()).isZero();
            assertThat(json(model.predict(forest.rows()).join())).isEqualTo(forest.expected());
            assertThat(ProcessHandle.current()
                            .descendants()
                            .map(process -> process.info().commandLine().orElse(""))
                            .filter(command -> command.contains(forest.source().reference())))
                    .as("workers that live")
                    .isEmpty();
        }
    }

    @Test
    void a_version_that_was_proved_before_needs_no_worker() throws Exception {
        Made forest = made("again", FOREST, null);
        try (RunningModel first = runtime.start(forest.source())) {
            assertThat(ready(first).served().by()).isEqualTo(ServedBy.Computer.EVALUATOR);
        }
        // No worker gets a file that is damaged.
        ModelSource withoutModel = new ModelSource(
                forest.source().reference(),
                forest.source().digest(),
                forest.source().files(),
                file -> {
                    byte[] bytes = forest.source().opener().open(file).readAllBytes();
                    bytes[bytes.length - 1] ^= 1;
                    return new ByteArrayInputStream(
                            file.path().value().equals("model.joblib")
                                    ? bytes
                                    : forest.source().opener().open(file).readAllBytes());
                },
                forest.source().signature());
        try (RunningModel second = runtime.start(withoutModel)) {
            assertThat(ready(second).served().by()).isEqualTo(ServedBy.Computer.EVALUATOR);
            assertThat(ready(second).served().probes()).isPositive();
            assertThat(json(second.predict(forest.rows()).join())).isEqualTo(forest.expected());
        }
    }

    @Test
    void a_kept_form_that_was_cut_or_changed_is_made_anew() throws Exception {
        Made forest = made("damaged", FOREST.replace("random_state=7", "random_state=8"), null);
        List<Path> before = forms();
        try (RunningModel first = runtime.start(forest.source())) {
            ready(first);
        }
        List<Path> kept = new ArrayList<>(forms());
        kept.removeAll(before);
        assertThat(kept).hasSize(1);
        byte[] whole = Files.readAllBytes(kept.getFirst());
        for (int damage = 0; damage < 3; damage++) {
            byte[] damaged =
                    damage == 0 ? Arrays.copyOf(whole, whole.length / 2) : damage == 1 ? new byte[0] : whole.clone();
            if (damage == 2) {
                damaged[whole.length - 9] ^= 1;
            }
            Files.write(kept.getFirst(), damaged);
            try (RunningModel again = runtime.start(forest.source())) {
                assertThat(ready(again).served().by()).isEqualTo(ServedBy.Computer.EVALUATOR);
                assertThat(json(again.predict(forest.rows()).join())).isEqualTo(forest.expected());
            }
            // The file also tells what a row took, whose digits may be more or fewer.
            assertThat(Files.size(kept.getFirst())).isBetween(whole.length - 8L, whole.length + 8L);
            assertThat(Files.readAllBytes(kept.getFirst())).isNotEqualTo(damaged);
        }
    }

    @Test
    void a_version_is_left_to_its_worker_where_the_endpoint_wants_that() throws Exception {
        Made forest = made("kept", FOREST, null);
        ModelSource source = forest.source();
        ModelSource off = source.inWorker();
        try (RunningModel evaluated = runtime.start(source);
                RunningModel worker = runtime.start(off)) {
            assertThat(ready(evaluated).served().by()).isEqualTo(ServedBy.Computer.EVALUATOR);
            assertThat(ready(worker).served().by()).isEqualTo(ServedBy.Computer.WORKER);
            assertThat(ready(worker).served().reason()).contains("off");
            assertThat(json(worker.predict(forest.rows()).join()))
                    .isEqualTo(json(evaluated.predict(forest.rows()).join()));
        }
    }

    @Test
    void versions_beyond_the_budget_leave_the_memory_and_come_back_when_they_are_asked() throws Exception {
        List<Made> made = new ArrayList<>();
        List<RunningModel> models = new ArrayList<>();
        try {
            List<String> codes = IntStream.range(100, 108)
                    .mapToObj(seed -> FOREST.replace("random_state=7", "random_state=" + seed))
                    .toList();
            write(codes);
            for (String code : codes) {
                made.add(made("budget" + made.size(), code, null));
                models.add(runtime.start(made.getLast().source()));
                assertThat(ready(models.getLast()).served().by()).isEqualTo(ServedBy.Computer.EVALUATOR);
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < models.size(); i++) {
                    assertThat(json(models.get(i).predict(made.get(i).rows()).join()))
                            .isEqualTo(made.get(i).expected());
                    assertThat(memory().used()).isPositive().isLessThanOrEqualTo(BUDGET);
                }
            }
        } finally {
            models.forEach(RunningModel::close);
        }
        assertThat(memory().used()).isZero();
    }

    private static EvaluatorMemory memory() {
        return runtime.host().evaluation().orElseThrow().memory();
    }

    @Test
    void a_row_that_the_library_refuses_is_refused_in_the_same_words() throws Exception {
        Made forest = made("refusing", FOREST, null);
        ModelSource source = forest.source();
        ModelSource off = source.inWorker();
        Instances tooLarge = new Instances.Matrix(new double[] {1, 1e300, 1, 1}, 1, 4);
        try (RunningModel evaluated = runtime.start(source);
                RunningModel worker = runtime.start(off)) {
            ready(evaluated);
            ready(worker);
            ProblemException ours = problem(evaluated.predict(tooLarge));
            ProblemException theirs = problem(worker.predict(tooLarge));
            assertThat(ours.problem().type()).isEqualTo(theirs.problem().type()).isEqualTo(ProblemType.MODEL_FAILED);
            assertThat(ours.problem().detail())
                    .isEqualTo(theirs.problem().detail())
                    .contains("too large for dtype");
        }
    }

    @Test
    void a_version_in_several_workers_is_computed_by_all_of_them() throws Exception {
        Path folder = Files.createDirectories(scratch.resolve("several"));
        String code = """
                import time, uuid
                class Who:
                    def __setstate__(self, state): self.me = float(uuid.uuid4().int % 1000000)
                    def __getstate__(self): return {'some': 1}
                    def predict(self, rows):
                        time.sleep(0.1)
                        return [self.me] * len(rows)
                """;
        Files.writeString(folder.resolve("who.py"), code);
        OddModel.run(python, folder, "import joblib, who; joblib.dump(who.Who(), 'model.joblib')");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.joblib", Files.readAllBytes(folder.resolve("model.joblib")));
        files.put(".modelward/code/who.py", code.getBytes(StandardCharsets.UTF_8));
        ModelSource source = OddModel.source("default/who@1.0.0", files, OddModel.signature(FOUR, null));
        Instances one = new Instances.Matrix(new double[4], 1, 4);
        try (RunningModel model = runtime.start(source)) {
            assertThat(ready(model).served().reason()).isNotEmpty();
            Set<String> who = new TreeSet<>();
            for (int i = 0; i < 100 && who.size() < WORKERS; i++) {
                List<CompletableFuture<Predictions>> answers = new ArrayList<>();
                for (int j = 0; j < 4; j++) {
                    answers.add(model.predict(one));
                }
                answers.forEach(answer -> who.add(json(answer.join())));
            }
            assertThat(who).hasSize(WORKERS);
        }
    }

    private static ProblemException problem(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException failed) {
            return (ProblemException) failed.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void requests_that_come_while_it_loads_and_large_ones_are_answered() throws Exception {
        Made forest = made("early", FOREST.replace("random_state=7", "random_state=9"), null);
        Instances many = forest.rows().cycled(20_000);
        RunningModel closed;
        try (RunningModel model = runtime.start(forest.source())) {
            closed = model;
            CompletableFuture<Predictions> early = model.predict(forest.rows());
            ready(model);
            assertThat(json(early.join())).isEqualTo(forest.expected());
            List<CompletableFuture<Predictions>> large = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                large.add(model.predict(many));
            }
            for (CompletableFuture<Predictions> answer : large) {
                String told = json(answer.join());
                assertThat(told)
                        .startsWith(
                                forest.expected().substring(0, forest.expected().length() - 1));
                assertThat(answer.join().rows()).isEqualTo(20_000);
            }
        }
        assertThat(problem(closed.predict(forest.rows())).problem().type()).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(closed.info().state()).isEqualTo(ModelInfo.State.CLOSED);
    }

    /** The code of a model that changes the describer while the model is loaded. */
    private static final String HOSTILE = """
            import base64, sys, types
            class Hostile:
                def __init__(self, code): self.code = code
                def __setstate__(self, state):
                    self.__dict__.update(state)
                    import modelward_form
                    exec(self.code, {'form': modelward_form})
                def predict(self, rows): return [0.0] * len(rows)
            """;

    private static final String FORM =
            "{'form': 1, 'library': {}, 'model': 'M', 'input': {'kind': 'matrix', 'width': 4}, 'nodes': %s,"
                    + " 'steps': %s, 'answers': [{'name': '', 'node': %d, 'shape': [], 'dtype': 'f8'}], 'columns': %s}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cycle | [{'op': 'concat', 'in': [1]}] | [] | 1 | [] | takes a value that is not made before it",
                "negative | [{'op': 'concat', 'in': [-1]}] | [] | 1 | [] | takes a value that is not made before it",
                "unknown | [{'op': 'system', 'in': [0]}] | [] | 1 | [] | is not known",
                "many | [{'op': 'concat', 'in': [0]}] * 30000 | [] | 1 | [] | nodes",
                "bomb | [{'op': 'concat', 'in': [i] * 10} for i in range(12)] | [] | 12 | [] | refused",
                "huge | [{'op': 'trees', 'in': [0]}] | [] | 1 | [{'name': 'a', 'dtype': 'f8', 'shape': [2147483647, 2147483647], 'bytes': 8}] | too large",
                "lie | [{'op': 'columns', 'in': [0], 'indices': [0]}] | [] | 1 | [] | answers something else",
            })
    void a_form_that_is_no_description_is_refused_and_the_worker_serves(
            String name, String nodes, String steps, int answer, String columns, String reason) throws Exception {
        String form = FORM.formatted(nodes, steps, answer, columns);
        hostile(
                name,
                "class D: pass\nd = D(); d.head = " + form + "; d.arrays = []; d.steps = []; d.reason = None"
                        + "\nform.describe = lambda model: d",
                reason);
    }

    @Test
    void a_worker_that_ends_or_sleeps_when_it_is_to_describe_the_model_serves_without() throws Exception {
        hostile("ends", "import os\nform.describe = lambda model: os._exit(3)", "ended");
        hostile("sleeps", "import time\nform.describe = lambda model: time.sleep(1000)", "ended");
    }

    private static void hostile(String name, String code, String reason) throws Exception {
        Path folder = Files.createDirectories(scratch.resolve("hostile-" + name));
        Files.writeString(folder.resolve("hostile.py"), HOSTILE);
        Files.writeString(folder.resolve("code"), code);
        OddModel.run(
                python,
                folder,
                "import joblib, hostile; m = hostile.Hostile(open('code').read()); joblib.dump(m, 'model.joblib')");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.joblib", Files.readAllBytes(folder.resolve("model.joblib")));
        files.put(".modelward/code/hostile.py", Files.readAllBytes(folder.resolve("hostile.py")));
        files.put(".modelward/sample.json", "{\"instances\":[[1,2,3,4]]}".getBytes(StandardCharsets.UTF_8));
        try (RunningModel model = runtime.start(
                OddModel.source("default/hostile-" + name + "@1.0.0", files, OddModel.signature(FOUR, null)))) {
            ModelInfo info = ready(model);
            assertThat(info.served().by()).isEqualTo(ServedBy.Computer.WORKER);
            assertThat(info.served().reason()).contains(reason);
            assertThat(json(model.predict(new Instances.Matrix(new double[] {1, 2, 3, 4}, 1, 4))
                            .join()))
                    .isEqualTo("[0.0]");
        }
    }
}
