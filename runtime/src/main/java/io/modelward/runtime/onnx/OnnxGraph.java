package io.modelward.runtime.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import io.modelward.core.json.Json;
import io.modelward.core.signature.Schema;
import io.modelward.runtime.Instances;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.LargeFrames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A graph that is open, and how its inputs and outputs are rows.
 *
 * <p><b>Ending.</b> ONNX Runtime frees a session while other threads still run it, and that crashes the process. So
 * each thread that runs the session counts as its user. {@link #close} only says that no use may begin any more; the
 * last user to leave frees the session.
 *
 * <p><b>Threads.</b> One thread runs a graph at a time (its model's); {@link #terminate} and {@link #close} may come
 * from any thread.
 */
final class OnnxGraph implements AutoCloseable {

    /** The graph cannot be served, whatever is asked of it. The message is for operators. */
    static final class Unservable extends Exception {
        Unservable(String message) {
            super(message);
        }
    }

    /** In values, for each input. */
    private static final int MOST_BLANK = 1 << 20;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OrtSession.RunOptions options;
    private final List<Tensor> inputs;
    private final Map<String, NodeInfo> outputs;
    private final boolean oneByOne;
    private final RowEncoder encoder;
    private final SessionUse use = new SessionUse(this::free);
    private final String producer;

    private OnnxGraph(OrtEnvironment environment, OrtSession session, List<String> columns)
            throws OrtException, Unservable {
        this.environment = environment;
        this.session = session;
        this.outputs = session.getOutputInfo();
        this.inputs = inputs(session.getInputInfo());
        this.oneByOne = oneByOne(session.getInputInfo());
        this.encoder = new RowEncoder(inputs, columns);
        this.producer = session.getMetadata().getProducerName();
        this.options = new OrtSession.RunOptions();
        this.options.setLogLevel(OnnxEnvironment.LOG_LEVEL);
    }

    /**
     * Opens a graph.
     *
     * @param columns the names of the values of a row that comes as plain numbers; empty when they have none
     */
    static OnnxGraph open(Path file, List<String> columns) throws OrtException, Unservable {
        OrtEnvironment environment = OnnxEnvironment.get();
        OrtSession session;
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            // One model is one core's work: batches give the parallelism. Threads that wait for work in a loop would
            // take the others' cores.
            settings.setIntraOpNumThreads(1);
            settings.setInterOpNumThreads(1);
            settings.addConfigEntry("session.intra_op.allow_spinning", "0");
            settings.addConfigEntry("session.inter_op.allow_spinning", "0");
            // Batches differ in size: what is kept for each size would never be given back.
            settings.setMemoryPatternOptimization(false);
            settings.setCPUArenaAllocator(false);
            settings.setSessionLogLevel(OnnxEnvironment.LOG_LEVEL);
            session = environment.createSession(file.toString(), settings);
        }
        try {
            return new OnnxGraph(environment, session, columns);
        } catch (OrtException | Unservable | RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    private static List<Tensor> inputs(Map<String, NodeInfo> declared) throws Unservable {
        List<Tensor> inputs = new ArrayList<>();
        for (NodeInfo input : declared.values()) {
            if (!(input.getInfo() instanceof TensorInfo info) || info.getShape().length == 0) {
                throw new Unservable(
                        "its input " + input.getName() + " is no tensor whose first dimension counts the rows");
            }
            Tensor tensor = Tensor.of(input.getName(), info);
            if (!tensor.isSupported()) {
                throw new Unservable("its input " + input.getName() + " is of the type " + tensor.typeName()
                        + "; inputs are numbers, truth values or strings");
            }
            if (info.getShape()[0] > 1 || info.getShape()[0] == 0) {
                throw new Unservable("its input " + input.getName() + " takes exactly " + info.getShape()[0]
                        + " rows at once; save the graph with a free first dimension");
            }
            inputs.add(tensor);
        }
        if (inputs.isEmpty()) {
            throw new Unservable("it has no input");
        }
        return inputs;
    }

    private static boolean oneByOne(Map<String, NodeInfo> declared) {
        return declared.values().stream().anyMatch(input -> ((TensorInfo) input.getInfo()).getShape()[0] == 1);
    }

    /** Whether the graph takes one row at a time only. */
    boolean oneByOne() {
        return oneByOne;
    }

    /** The program that made the graph, for people. */
    String words() {
        return producer.isEmpty() ? "ONNX graph" : "ONNX graph by " + producer;
    }

    /** All outputs by name, in the graph's order. */
    Set<String> outputs() {
        return new LinkedHashSet<>(outputs.keySet());
    }

    /**
     * What the graph answers by itself: the properties of the schema that are outputs, when the schema describes an
     * object; else the first output.
     *
     * @throws Unservable when the schema describes an object and none of its properties is an output
     */
    Wanted answer(Optional<Schema> schema) throws Unservable {
        if (schema.orElse(Schema.ANY) instanceof Schema.Obj object
                && !object.properties().isEmpty()) {
            List<String> named = object.properties().keySet().stream()
                    .filter(outputs::containsKey)
                    .toList();
            if (!named.isEmpty()) {
                Map<String, Boolean> flat = new LinkedHashMap<>();
                named.forEach(name -> flat.put(name, !(object.properties().get(name) instanceof Schema.Arr)));
                return new Wanted(flat, true);
            }
            if (!isMaps(outputs().iterator().next())) {
                throw new Unservable("its output_schema names none of its outputs, which are "
                        + String.join(", ", outputs.keySet()));
            }
        }
        String first = outputs.keySet().iterator().next();
        return new Wanted(Map.of(first, !(schema.orElse(Schema.ANY) instanceof Schema.Arr)), false);
    }

    private boolean isMaps(String output) {
        NodeInfo info = outputs.get(output);
        return info != null && info.getInfo() instanceof SequenceInfo;
    }

    /** The outputs that a call named. */
    static Wanted named(List<String> names) {
        Map<String, Boolean> flat = new LinkedHashMap<>();
        names.forEach(name -> flat.put(name, true));
        return new Wanted(flat, true);
    }

    /**
     * Which outputs are answered.
     *
     * @param outputs by name, whether a row's array of one value is answered as the value
     * @param objects whether each row is answered as an object by output name
     */
    record Wanted(Map<String, Boolean> outputs, boolean objects) {}

    /**
     * Computes.
     *
     * @param gate for large inputs
     * @param room for the answer
     * @throws OrtException when the graph raises, or was told to end
     */
    List<OutputColumn> run(Instances rows, Wanted answer, LargeFrames gate, AnswerRoom room)
            throws OrtException, RowEncoder.Unfit, ColumnDecoder.Unfit, Engine.NoMemory {
        if (!use.enter()) {
            throw new OrtException("the graph is closed");
        }
        Map<String, OnnxTensor> tensors = Map.of();
        try {
            tensors = encoder.encode(environment, rows, gate);
            try (OrtSession.Result result =
                    session.run(tensors, answer.outputs().keySet(), options)) {
                long least = 0;
                for (String output : answer.outputs().keySet()) {
                    long bytes = ColumnDecoder.leastBytes(result.get(output).orElseThrow());
                    least = bytes > Long.MAX_VALUE - least ? Long.MAX_VALUE : least + bytes;
                }
                room.take(least);
                List<OutputColumn> columns = new ArrayList<>();
                for (Map.Entry<String, Boolean> output : answer.outputs().entrySet()) {
                    OnnxValue value = result.get(output.getKey()).orElseThrow();
                    columns.add(ColumnDecoder.decode(
                            value,
                            output.getKey(),
                            rows.rows(),
                            OutputColumn.quote(answer.objects() ? output.getKey() : ""),
                            output.getValue(),
                            room));
                }
                return columns;
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
            use.leave();
        }
    }

    /** Has a run that goes on now end soon, with a failure; the graph computes nothing afterwards. */
    synchronized void terminate() {
        if (use.isOpen()) {
            try {
                options.setTerminate(true);
            } catch (OrtException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** A JSON Schema of a row, where the graph says more than how many numbers a row has. */
    @Nullable
    ObjectNode inputSchema() {
        if (inputs.size() == 1) {
            Tensor only = inputs.getFirst();
            boolean plain = only.isFraction() && only.perRow().length == 1;
            return plain ? null : only.schema(true);
        }
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        inputs.forEach(input -> properties.set(input.name(), input.schema(true)));
        inputs.forEach(input -> schema.withArray("required").add(input.name()));
        return schema.put("additionalProperties", false);
    }

    /** A row of zeros, to try the graph with; empty when it would be large. */
    Optional<JsonNode> blank() {
        if (inputs.stream().anyMatch(input -> input.blankCount() > MOST_BLANK)) {
            return Optional.empty();
        }
        if (inputs.size() == 1) {
            return Optional.of(inputs.getFirst().blank());
        }
        ObjectNode row = Json.object();
        inputs.forEach(input -> row.set(input.name(), input.blank()));
        return Optional.of(row);
    }

    /** How many numbers a row has, when a row is nothing else; -1 when that is not known. */
    long features() {
        Tensor only = inputs.getFirst();
        return inputs.size() == 1 && only.perRow().length == 1 ? only.count() : -1;
    }

    /** A JSON Schema of one row of the first output; null when the graph does not declare it. */
    @Nullable
    ObjectNode outputSchema() {
        NodeInfo first = outputs.values().iterator().next();
        if (first.getInfo() instanceof TensorInfo info && info.getShape().length > 0) {
            Tensor tensor = Tensor.of(first.getName(), info);
            return tensor.isSupported() ? tensor.schema(false) : null;
        }
        return isMaps(first.getName()) ? Json.object().put("type", "object") : null;
    }

    private synchronized void free() {
        try {
            options.close();
            session.close();
        } catch (OrtException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        use.close();
    }
}
