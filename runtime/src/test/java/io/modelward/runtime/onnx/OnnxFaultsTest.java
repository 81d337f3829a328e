package io.modelward.runtime.onnx;

import static io.modelward.runtime.onnx.OnnxRuntimeTest.ask;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.inspected;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.problem;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.ready;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.rows;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.sum;
import static io.modelward.runtime.onnx.OnnxRuntimeTest.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.LargeFrames;
import io.modelward.runtime.worker.WorkerLauncher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that ask for too much, and graphs and rows that native code and Java understand differently. */
@Tag("process")
class OnnxFaultsTest {

    private static final Map<Boolean, RuntimeFixture> RUNTIMES = new LinkedHashMap<>();

    @BeforeAll
    static void open() {
        for (boolean inServer : List.of(true, false)) {
            RUNTIMES.put(inServer, OnnxRuntimeTest.open(inServer, Duration.ofSeconds(20), Duration.ofSeconds(30)));
        }
    }

    @AfterAll
    static void close() {
        RUNTIMES.values().forEach(RuntimeFixture::close);
    }

    private static Instances zeros(int rows) {
        return new Instances.Matrix(new double[rows], rows, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void all_outputs_of_a_call_together_take_no_more_than_64_mebibytes(boolean inServer) {
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 1)
                .weights("w", new float[3000])
                .output("first", GraphFile.FLOAT, -1, 1)
                .output("a", GraphFile.FLOAT, -1, 3000)
                .output("b", GraphFile.FLOAT, -1, 3000)
                .output("c", GraphFile.FLOAT, -1, 3000)
                .output("texts", GraphFile.STRING, -1, 3000)
                .op("Identity", List.of("x"), List.of("first"))
                .op("Add", List.of("x", "w"), List.of("a"))
                .op("Mul", List.of("x", "w"), List.of("b"))
                .op("Sub", List.of("x", "w"), List.of("c"))
                .op("Cast", List.of("a"), List.of("texts"), GraphFile.whole("to", GraphFile.STRING));
        RunningModel model = ready(RUNTIMES.get(inServer), version(graph));
        assertThat(model.predict(zeros(1000), List.of("a", "b"), bytes -> {})
                        .join()
                        .rows())
                .isEqualTo(1000);
        for (List<String> outputs : List.of(List.of("a", "b", "c"), List.of("texts"))) {
            Problem problem = problem(model.predict(zeros(1000), outputs, bytes -> {}));
            assertThat(problem.detail()).contains("larger than 64 MiB");
        }
        assertThat(model.predict(zeros(10), List.of("texts"), bytes -> {})
                        .join()
                        .rows())
                .isEqualTo(10);
        assertThat(model.info().restarts()).isZero();
        model.close();
    }

    @Test
    void one_large_answer_or_input_is_in_memory_at_a_time() throws Exception {
        LargeFrames gate = new LargeFrames();
        Thread other = new Thread(() -> gate.enter(5 << 20));
        other.start();
        other.join();
        AnswerRoom room = new AnswerRoom(gate);
        room.take(1 << 20);
        assertThatThrownBy(() -> room.take(4 << 20)).isInstanceOf(Engine.NoMemory.class);
        RowEncoder encoder =
                new RowEncoder(List.of(new Tensor("x", OnnxJavaType.FLOAT, new long[] {1}, false)), List.of());
        OrtEnvironment environment = OnnxEnvironment.get();
        assertThatThrownBy(() -> encoder.encode(environment, zeros(1 << 20), gate))
                .isInstanceOf(Engine.NoMemory.class);
        LargeFrames free = new LargeFrames();
        encoder.encode(environment, zeros(1 << 20), free).values().forEach(tensor -> tensor.close());
        assertThat(free.isInside()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_text_that_graphs_do_not_get_whole_is_the_callers_mistake(boolean inServer) {
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.STRING, -1, 1)
                .output("y", GraphFile.STRING, -1, 1)
                .op("Identity", List.of("x"), List.of("y"));
        ModelSource source = version(graph);
        RunningModel model = ready(RUNTIMES.get(inServer), source);
        assertThat(ask(model, rows(source, "[\"Zürich €\"]"))).isEqualTo("[\"Zürich €\"]");
        for (String text : List.of("\\ud83d\\ude00", "a\\u0000b")) {
            Problem problem = problem(model.predict(rows(source, "[\"" + text + "\"]")));
            assertThat(problem.type()).isEqualTo(ProblemType.REFUSED);
            assertThat(problem.detail()).contains("x (string)").contains("beyond U+FFFF");
        }
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_text_that_comes_out_damaged_is_no_answer(boolean inServer) {
        GraphFile graph = new GraphFile()
                .input("x", GraphFile.INT64, -1, 1)
                .output("y", GraphFile.STRING, -1, 1)
                .add(GraphFile.node(
                                "LabelEncoder",
                                List.of("x"),
                                List.of("y"),
                                new GraphFile.Message()
                                        .text(1, "keys_int64s")
                                        .number(20, 7)
                                        .number(8, 0)
                                        .number(8, 1)
                                        .number(8, 2)
                                        .number(8, 3),
                                GraphFile.texts("values_strings", "nö, «pasó» €", "yes😀", "😀a", "a 😀 and more"))
                        .text(7, "ai.onnx.ml"));
        ModelSource source = version(graph);
        RunningModel model = ready(RUNTIMES.get(inServer), source);
        assertThat(ask(model, rows(source, "[0]"))).isEqualTo("[\"nö, «pasó» €\"]");
        for (String damaged : List.of("[1]", "[2]", "[3]")) {
            assertThat(problem(model.predict(rows(source, damaged))).detail()).contains("AnswerValue");
        }
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_graph_that_answers_a_row_of_zeros_with_an_infinity_serves_other_rows(boolean inServer) {
        for (int batch : List.of(-1, 1)) {
            GraphFile graph = new GraphFile()
                    .input("x", GraphFile.DOUBLE, batch, 1)
                    .output("y", GraphFile.DOUBLE, batch, 1)
                    .op("Log", List.of("x"), List.of("y"));
            ModelSource source = inspected(RUNTIMES.get(inServer), graph);
            RunningModel model = ready(RUNTIMES.get(inServer), source);
            assertThat(ask(model, rows(source, "[[1],[1]]"))).isEqualTo("[0.0,0.0]");
            assertThat(ask(model, rows(source, "[[-1]]"))).isEqualTo("[null]");
            assertThatThrownBy(() -> ask(model, rows(source, "[[1],[0]]"))).hasMessageContaining("infinite");
            assertThat(ask(model, rows(source, "[[1]]"))).isEqualTo("[0.0]");
            assertThat(model.info().restarts()).isZero();
            model.close();
        }
    }

    @Test
    void a_fraction_that_a_graph_answers_may_be_missing() {
        ModelSource source = inspected(RUNTIMES.get(false), sum());
        assertThat(source.signature().toJson().path("output").toString()).contains("{\"type\":\"null\"}");
    }

    @Test
    void a_count_that_no_number_holds_is_the_largest() {
        Tensor huge = new Tensor("x", OnnxJavaType.FLOAT, new long[] {1L << 40, -1, 1L << 40}, false);
        assertThat(huge.blankCount()).isEqualTo(Long.MAX_VALUE);
        assertThat(huge.count()).isEqualTo(-1);
        Tensor empty = new Tensor("x", OnnxJavaType.FLOAT, new long[] {1L << 40, 0}, false);
        assertThat(empty.count()).isZero();
        assertThat(empty.blankCount()).isEqualTo(1L << 40);
    }

    private static RuntimeFixture with(String shell, AtomicInteger started) {
        return OnnxRuntimeTest.open(host -> new OnnxRuntime(host, false, () -> {
            started.incrementAndGet();
            return new WorkerLauncher.Program(List.of("sh", "-c", shell, "sh"), Path.of("/bin"));
        }));
    }

    @Test
    void nobody_reads_what_the_child_process_wrote_before_its_end() throws Exception {
        AtomicInteger started = new AtomicInteger();
        try (RuntimeFixture runtime = with("echo at io.modelward.Secret >&2; exit 3", started)) {
            RunningModel model = runtime.start(version(sum()));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!model.info().toString().contains("exit code 3")) {
                assertThat(System.nanoTime() - until).as("%s", model.info()).isNegative();
                Thread.sleep(20);
            }
            assertThat(model.info().toString()).doesNotContain("Secret");
            model.close();
        }
    }

    @Test
    void three_children_at_a_time_load_graphs_and_those_that_wait_can_be_closed() throws Exception {
        AtomicInteger started = new AtomicInteger();
        try (RuntimeFixture runtime = with("sleep 60", started)) {
            List<RunningModel> models = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                models.add(runtime.start(version(sum())));
            }
            Thread.sleep(2000);
            assertThat(started).hasValue(3);
            models.reversed().forEach(RunningModel::close);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (runtime.running() > 0) {
                assertThat(System.nanoTime() - until).isNegative();
                Thread.sleep(20);
            }
            assertThat(started).hasValue(3);
        }
    }

    @Test
    void a_runtime_that_is_closed_inspects_nothing() {
        OnnxRuntime runtime = new OnnxRuntime(RUNTIMES.get(false).host(), false);
        runtime.close();
        assertThat(runtime.inspect(version(sum()), Duration.ofSeconds(5)).join())
                .isEmpty();
    }

    @Test
    void a_tag_of_more_than_32_bits_is_refused() {
        byte[] graph = new GraphFile.Message()
                .put(5, GraphFile.elsewhere("w", 3, "/etc/hostname"))
                .toBytes();
        byte[] padded = {(byte) 0xba, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0};
        for (GraphFile.Message tag : List.of(
                new GraphFile.Message().raw((1L << 32) | (7 << 3) | 2), new GraphFile.Message().content(padded))) {
            byte[] file = tag.raw(graph.length).content(graph).toBytes();
            RunningModel model = RUNTIMES.get(false).start(version(Map.of("model.onnx", file), Signature.unknown()));
            assertThat(problem(model.ready()).detail()).contains("is not a graph as ONNX writes one");
        }
    }

    @Test
    void a_file_with_another_ending_is_no_graph_though_mlflow_names_it() {
        for (String file : List.of("model.onnx", "model.ort")) {
            byte[] described = ("flavors:\n  onnx:\n    data: " + file + "\n").getBytes(StandardCharsets.UTF_8);
            ModelSource source = version(Map.of("MLmodel", described, file, sum().toBytes()), Signature.unknown());
            assertThat(new OnnxFormat().artifact(source).isPresent()).isEqualTo(file.endsWith(".onnx"));
        }
    }
}
