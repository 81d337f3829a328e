package io.modelward.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.host.RuntimeProvider;
import io.modelward.runtime.worker.WorkerLauncher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Graphs in the server and in a child process: both answer alike, and what a graph does harms nobody else. */
@Tag("process")
class OnnxRuntimeTest {

    private static final Map<Boolean, RuntimeFixture> RUNTIMES = new LinkedHashMap<>();

    @BeforeAll
    static void open() {
        for (boolean inServer : List.of(true, false)) {
            RUNTIMES.put(inServer, open(inServer, Duration.ofSeconds(20), Duration.ofSeconds(30)));
        }
    }

    static RuntimeFixture open(boolean inServer, Duration requestTimeout, Duration hardTimeout) {
        return new RuntimeFixture(
                new RuntimeSettings(requestTimeout, hardTimeout, Duration.ofSeconds(60), WorkerLimits.defaults()),
                Map.of(new OnnxRuntimeProvider(), host -> new OnnxRuntime(host, inServer)));
    }

    /** With the usual limits. */
    static RuntimeFixture open(RuntimeProvider.Opening opening) {
        return new RuntimeFixture(
                new RuntimeSettings(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        WorkerLimits.defaults()),
                Map.of(new OnnxRuntimeProvider(), opening));
    }

    @AfterAll
    static void close() {
        RUNTIMES.values().forEach(RuntimeFixture::close);
    }

    static ModelSource version(Map<String, byte[]> files, Signature signature) {
        List<FileEntry> entries = files.entrySet().stream()
                .map(file -> new FileEntry(
                        FilePath.parse(file.getKey()), file.getValue().length, Digest.of(file.getValue())))
                .toList();
        return new ModelSource(
                "default/graph@1.0.0",
                Digest.of("graph".getBytes(StandardCharsets.UTF_8)),
                entries,
                file -> new ByteArrayInputStream(files.get(file.path().value())),
                signature);
    }

    static ModelSource version(GraphFile graph) {
        return version(Map.of("model.onnx", graph.toBytes()), Signature.unknown());
    }

    /** As publishing makes it: with the signature that the graph tells. */
    static ModelSource inspected(RuntimeFixture runtime, GraphFile graph) {
        ModelSource plain = version(graph);
        Signature signature = runtime.inspect(plain, Duration.ofSeconds(60))
                .join()
                .orElseThrow()
                .signature();
        return version(Map.of("model.onnx", graph.toBytes()), signature);
    }

    static RunningModel ready(RuntimeFixture runtime, ModelSource source) {
        RunningModel model = runtime.start(source);
        model.ready().join();
        return model;
    }

    static Instances rows(ModelSource source, String json) {
        List<JsonNode> rows = new ArrayList<>();
        Json.parse(json, "rows").forEach(rows::add);
        return RowReader.of(source.signature()).read(rows);
    }

    static String ask(RunningModel model, Instances rows, String... outputs) {
        Predictions predictions =
                model.predict(rows, List.of(outputs), bytes -> {}).join();
        JsonBytes out = new JsonBytes();
        predictions.write(out);
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }

    static Problem problem(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(future::join);
        assertThat(thrown).isInstanceOf(CompletionException.class);
        assertThat(thrown.getCause()).isInstanceOf(ProblemException.class);
        return ((ProblemException) thrown.getCause()).problem();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_output_that_is_named_while_the_graph_loads_is_refused_when_there_is_none_of_the_name(boolean inServer) {
        RunningModel model = RUNTIMES.get(inServer).start(version(sum()));
        Instances rows = new Instances.Matrix(new double[] {1, 2, 3}, 1, 3);
        CompletableFuture<Predictions> none = model.predict(rows, List.of("other"), bytes -> {});
        CompletableFuture<Predictions> one = model.predict(rows, List.of("first"), bytes -> {});
        assertThat(problem(none).field()).contains("outputs");
        assertThat(one.join().columns()).hasSize(1);
        model.close();
    }

    static GraphFile sum() {
        return new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 3)
                .weights("w", 1, 2, 3)
                .output("scaled", GraphFile.FLOAT, -1, 3)
                .output("first", GraphFile.FLOAT, -1, 1)
                .op("Mul", List.of("x", "w"), List.of("scaled"))
                .op(
                        "ReduceMax",
                        List.of("scaled"),
                        List.of("first"),
                        new GraphFile.Message().text(1, "axes").number(20, 7).number(8, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void numbers_become_the_nearest_float32_and_come_back_as_they_are(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        ModelSource source = inspected(runtime, sum());
        assertThat(source.signature().input().width()).isEqualTo(OptionalInt.of(3));
        RunningModel model = ready(runtime, source);
        assertThat(model.info().kind().name()).isEqualTo(inServer ? "onnx" : "onnx-child");
        assertThat(model.info().outputs()).containsExactly("scaled", "first");
        assertThat(ask(model, rows(source, "[[0.1,1,-2],[16777217,null,0]]")))
                .isEqualTo("[[" + (double) 0.1f + ",2.0,-6.0],[1.6777216E7,null,0.0]]");
        assertThat(ask(model, rows(source, "[[0.5,1,2]]"), "first")).isEqualTo("[{\"first\":6.0}]");
        assertThat(ask(model, rows(source, "[[0.5,1,2]]"), "first", "scaled"))
                .isEqualTo("[{\"first\":6.0,\"scaled\":[0.5,2.0,6.0]}]");
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rows_that_the_graph_does_not_take_are_the_callers_mistake_and_hurt_nobody_beside_them(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        ModelSource source = inspected(runtime, sum());
        RunningModel model = ready(runtime, source);
        List<CompletableFuture<Predictions>> good = new ArrayList<>();
        List<CompletableFuture<Predictions>> bad = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            good.add(model.predict(new Instances.Values(JsonColumn.of("[1,2,3]"))));
            bad.add(model.predict(new Instances.Values(JsonColumn.of(i % 2 == 0 ? "[1,2]" : "[1,2,\"three\"]"))));
        }
        good.forEach(answer -> assertThat(answer.join().rows()).isEqualTo(1));
        for (CompletableFuture<Predictions> answer : bad) {
            Problem problem = problem(answer);
            assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
            assertThat(problem.field()).contains("instances");
            assertThat(problem.detail()).contains("x (float32)");
        }
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_graph_with_several_inputs_takes_objects_by_their_names(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        GraphFile graph = new GraphFile()
                .input("age", GraphFile.INT64, -1, 1)
                .input("city", GraphFile.STRING, -1, 1)
                .input("ok", GraphFile.BOOL, -1)
                .output("years", GraphFile.INT64, -1, 1)
                .output("town", GraphFile.STRING, -1, 1)
                .output("fine", GraphFile.BOOL, -1)
                .op("Add", List.of("age", "age"), List.of("years"))
                .op("Identity", List.of("city"), List.of("town"))
                .op("Not", List.of("ok"), List.of("fine"));
        ModelSource source = inspected(runtime, graph);
        RunningModel model = ready(runtime, source);
        String row = "[{\"age\":9007199254740993,\"city\":\"Zürich \\u20ac\",\"ok\":true}]";
        assertThat(ask(model, rows(source, row))).isEqualTo("[18014398509481986]");
        assertThat(ask(model, rows(source, row), "town", "fine")).isEqualTo("[{\"town\":\"Zürich €\",\"fine\":false}]");
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_sequence_of_maps_is_an_object_for_each_row(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 2)
                .sequenceOfMaps("scores")
                .add(GraphFile.node(
                                "ZipMap",
                                List.of("x"),
                                List.of("scores"),
                                GraphFile.texts("classlabels_strings", "no", "yes"))
                        .text(7, "ai.onnx.ml"));
        ModelSource source = inspected(runtime, graph);
        RunningModel model = ready(runtime, source);
        JsonNode answer = Json.parse(ask(model, rows(source, "[[0.25,0.75],[1,0]]")), "answer");
        assertThat(answer).isEqualTo(Json.parse("[{\"no\":0.25,\"yes\":0.75},{\"no\":1.0,\"yes\":0.0}]", "expected"));
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_graph_for_one_row_at_a_time_answers_many(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.DOUBLE, 1, 2)
                .output("y", GraphFile.DOUBLE, 1, 2)
                .op("Add", List.of("x", "x"), List.of("y"));
        ModelSource source = inspected(runtime, graph);
        RunningModel model = ready(runtime, source);
        assertThat(ask(model, rows(source, "[[1,2],[3,4],[0.1,5]]"))).isEqualTo("[[2.0,4.0],[6.0,8.0],[0.2,10.0]]");
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_graph_that_does_not_answer_one_item_for_each_row_is_refused(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 2)
                .output("y", GraphFile.FLOAT, -1, 2)
                .op("Concat", List.of("x", "x"), List.of("y"), GraphFile.whole("axis", 0));
        RunningModel model = runtime.start(inspected(runtime, graph));
        assertThat(problem(model.ready()).detail()).contains("does not answer one item per row");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_schema_that_describes_an_object_says_which_outputs_are_answered(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        Signature both = Signature.of(
                Optional.empty(),
                Optional.of(Json.parse(
                        "{\"type\":\"object\",\"properties\":{\"first\":{\"type\":\"number\"},\"other\":{}}}",
                        "schema")),
                OptionalInt.of(3),
                List.of(),
                Optional.empty());
        RunningModel model = ready(runtime, version(Map.of("model.onnx", sum().toBytes()), both));
        assertThat(ask(model, new Instances.Matrix(new double[] {1, 1, 1}, 1, 3)))
                .isEqualTo("[{\"first\":3.0}]");
        model.close();
        Signature neither = Signature.of(
                Optional.empty(),
                Optional.of(Json.parse("{\"type\":\"object\",\"properties\":{\"label\":{}}}", "schema")),
                OptionalInt.of(3),
                List.of(),
                Optional.empty());
        RunningModel refused = runtime.start(version(Map.of("model.onnx", sum().toBytes()), neither));
        assertThat(problem(refused.ready()).detail())
                .contains("none of its outputs")
                .contains("scaled, first");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void weights_beside_the_graph_are_the_versions_own_files_or_none(boolean inServer) throws IOException {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        byte[] weights = new byte[12];
        weights[3] = 64; // 2.0
        weights[7] = 64;
        weights[11] = 64;
        Path outside = Files.createTempFile("modelward-outside-", ".bin");
        Files.write(outside, weights);
        try {
            RunningModel own = ready(
                    runtime,
                    version(
                            Map.of("sub/model.onnx", external("weights.bin"), "sub/weights.bin", weights),
                            Signature.unknown()));
            assertThat(ask(own, new Instances.Matrix(new double[] {1, 2, 3}, 1, 3)))
                    .isEqualTo("[[2.0,4.0,6.0]]");
            own.close();
            for (String location : List.of(
                    "missing.bin",
                    outside.toString(),
                    "../weights.bin",
                    "./weights.bin",
                    "sub/../weights.bin",
                    "../../../../../../../../../../.." + outside,
                    "*/_ORT_MEM_ADDR_/*",
                    "")) {
                RunningModel foreign = runtime.start(version(
                        Map.of(
                                "sub/model.onnx",
                                external(location),
                                "weights.bin",
                                weights,
                                "sub/weights.bin",
                                weights),
                        Signature.unknown()));
                Problem problem = problem(foreign.ready());
                assertThat(problem.type()).as(location).isEqualTo(ProblemType.REFUSED);
                assertThat(problem.detail()).as(location).contains("is not a file of the version");
            }
        } finally {
            Files.delete(outside);
        }
    }

    private static byte[] external(String location) {
        return new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 3)
                .weightsElsewhere("w", 3, location)
                .output("y", GraphFile.FLOAT, -1, 3)
                .op("Mul", List.of("x", "w"), List.of("y"))
                .toBytes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_file_that_is_no_graph_is_refused(boolean inServer) {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        byte[] graph = sum().toBytes();
        byte[] cut = java.util.Arrays.copyOf(graph, graph.length / 2);
        for (byte[] content : List.of("no graph at all".getBytes(StandardCharsets.UTF_8), cut, new byte[0])) {
            RunningModel model = runtime.start(version(Map.of("model.onnx", content), Signature.unknown()));
            Problem problem = problem(model.ready());
            assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
            assertThat(problem.detail()).contains("model.onnx").doesNotContain("/tmp");
        }
    }

    @Test
    void the_server_opens_no_graph_whose_child_answered_all_and_did_not_end_well() {
        ModelSource source = version(sum());
        for (String end : List.of("exit 0", "exit 1", "kill -SEGV $$", "kill -KILL $$")) {
            try (RuntimeFixture runtime = new RuntimeFixture(
                    new RuntimeSettings(
                            Duration.ofSeconds(20),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(60),
                            WorkerLimits.defaults()),
                    Map.of(
                            new OnnxRuntimeProvider(),
                            host -> new OnnxRuntime(host, true, () -> {
                                WorkerLauncher.Program real = new OnnxProgram(host.sandbox()).worker();
                                List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\"; " + end, "sh"));
                                command.addAll(real.command());
                                return new WorkerLauncher.Program(command, real.visible());
                            })))) {
                RunningModel model = runtime.start(source);
                if (end.equals("exit 0")) {
                    model.ready().join();
                } else {
                    assertThat(problem(model.ready()).detail()).as(end).contains("did not end well");
                }
            }
        }
    }

    /** Adds one to a number so often as the largest number of the rows says. */
    private static GraphFile loop() {
        GraphFile body = new GraphFile()
                .input("i", GraphFile.INT64)
                .input("go", GraphFile.BOOL)
                .input("sum", GraphFile.FLOAT)
                .output("go_on", GraphFile.BOOL)
                .output("more", GraphFile.FLOAT)
                .op("Identity", List.of("go"), List.of("go_on"))
                .op("Add", List.of("sum", "one"), List.of("more"));
        return new GraphFile()
                .input("times", GraphFile.INT64, -1, 1)
                .weights("zeros", 0)
                .weights("ones", 1)
                .output("y", GraphFile.INT64, -1, 1)
                .output("counted", GraphFile.FLOAT)
                .op("ReduceMax", List.of("times"), List.of("most"), GraphFile.whole("keepdims", 0))
                .op("ReduceMax", List.of("zeros"), List.of("zero"), GraphFile.whole("keepdims", 0))
                .op("ReduceMax", List.of("ones"), List.of("one"), GraphFile.whole("keepdims", 0))
                .op("Loop", List.of("most", "", "zero"), List.of("counted"), GraphFile.body("body", body))
                .op("CastLike", List.of("counted", "times"), List.of("whole"))
                .op("Add", List.of("times", "whole"), List.of("y"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_run_that_takes_too_long_is_ended_and_the_graph_serves_again(boolean inServer) throws Exception {
        try (RuntimeFixture runtime = open(inServer, Duration.ofSeconds(2), Duration.ofSeconds(4))) {
            ModelSource source = version(loop());
            RunningModel model = ready(runtime, source);
            Instances few = new Instances.Values(JsonColumn.of("[3]"));
            assertThat(ask(model, few)).isEqualTo("[6]");
            CompletableFuture<Predictions> late = model.predict(new Instances.Values(JsonColumn.of("[9000000000000]")));
            assertThat(problem(late).type()).isEqualTo(ProblemType.TIMEOUT);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (model.info().restarts() == 0 || model.info().state() != ModelInfo.State.READY) {
                assertThat(System.nanoTime() - until).as("it comes back").isNegative();
                Thread.sleep(50);
            }
            assertThat(ask(model, few)).isEqualTo("[6]");
            model.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_a_graph_was_given_is_given_back(boolean inServer) throws Exception {
        RuntimeFixture runtime = RUNTIMES.get(inServer);
        for (int i = 0; i < 4; i++) {
            RunningModel model = runtime.start(version(sum()));
            if (i % 2 == 0) {
                model.ready().join();
            }
            model.close();
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (runtime.running() > 0
                || directories(runtime) > 0
                || runtime.describe().path("worker_users").intValue() > 0) {
            assertThat(System.nanoTime() - until)
                    .as("running %d, directories %d, %s", runtime.running(), directories(runtime), runtime.describe())
                    .isNegative();
            Thread.sleep(50);
        }
    }

    private static long directories(RuntimeFixture runtime) throws IOException {
        try (Stream<Path> all = Files.list(runtime.workerDirectory())) {
            return all.filter(path -> path.getFileName().toString().matches("w\\d+"))
                    .count();
        }
    }
}
