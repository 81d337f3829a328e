package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtException;
import io.modelward.core.json.Json;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Instances;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.Batch;
import io.modelward.runtime.worker.LargeFrames;
import io.modelward.runtime.worker.WorkerFrame;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The child process: one graph, asked by the frames of docs/worker-protocol.md. A fault of the parser here is no fault
 * of the server. The process ends with 0 only when it was told to stop, or when nobody is there any more who could ask.
 */
public final class OnnxWorker {

    private final Path directory;
    private final DataInputStream in;
    private final OutputStream out;
    private final LargeFrames large = new LargeFrames();
    private @Nullable OnnxGraph graph;
    private @Nullable OnnxEngine engine;

    private OnnxWorker(Path directory) {
        this.directory = directory;
        this.in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        this.out = new FileOutputStream(FileDescriptor.out);
    }

    /**
     * @param arguments the directory of the model's files, and the version's reference, which tells an operator what
     *     the process holds
     */
    public static void main(String[] arguments) throws IOException {
        // What a library prints must not come between frames.
        System.setOut(System.err);
        new OnnxWorker(Path.of(arguments[0])).run();
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        while (true) {
            WorkerFrame frame;
            try {
                frame = WorkerFrame.readRequest(in, large);
            } catch (EOFException gone) {
                return;
            }
            switch (frame.type()) {
                case LOAD -> load(frame);
                case PREDICT -> predict(frame);
                case COMPARE -> compare(frame);
                case INSPECT -> inspect(frame);
                case STOP -> {
                    return;
                }
                default -> throw new WorkerFrame.BadFrame("not a request");
            }
            large.leave();
        }
    }

    private void load(WorkerFrame frame) throws IOException {
        JsonNode head = Json.parse(frame.head(), "head");
        List<String> columns = new ArrayList<>();
        head.path("columns").forEach(column -> columns.add(column.stringValue("")));
        try {
            Signature signature = Signature.fromJson(head.path("signature"));
            OnnxGraph opened =
                    OnnxGraph.open(directory.resolve(head.path("artifact").stringValue("")), columns);
            engine = new OnnxEngine(opened, opened.answer(signature.output()), large);
            graph = opened;
            ObjectNode loaded = Json.object();
            loaded.putObject("packages")
                    .put("onnxruntime", OnnxEnvironment.get().getVersion());
            loaded.put("model", opened.words());
            opened.outputs().forEach(loaded.putArray("outputs")::add);
            opened.blank().ifPresent(blank -> loaded.set("blank", blank));
            answer(frame, WorkerFrame.Type.LOADED, loaded);
        } catch (OrtException refused) {
            answer(frame, WorkerFrame.Type.FAILED, failed("ONNX Runtime says: " + OnnxWords.of(refused)));
        } catch (OnnxGraph.Unservable refused) {
            answer(frame, WorkerFrame.Type.FAILED, failed(String.valueOf(refused.getMessage())));
        } catch (RuntimeException refused) {
            answer(frame, WorkerFrame.Type.FAILED, failed("its inputs or outputs cannot be read"));
        }
    }

    private static ObjectNode failed(String message) {
        return Json.object()
                .put("stage", "load")
                .put("error", "OnnxRuntimeError")
                .put("message", message);
    }

    private void predict(WorkerFrame frame) throws IOException {
        Batch.Request request = Batch.readRequest(frame);
        Batch answer;
        try {
            answer = Batch.answer(engine().compute(request.requests(), request.outputs()));
            if (answer.bytes() > WorkerFrame.MAX_BODY) {
                answer = failed(request, "AnswerTooLarge", "");
            }
        } catch (Engine.NoMemory full) {
            answer = failed(request, OnnxEngine.ERROR, "there is no memory for the rows or the answer");
        } catch (RuntimeException failure) {
            answer = failed(request, OnnxEngine.ERROR, "the rows or the answer cannot be converted");
        }
        WorkerFrame.write(out, WorkerFrame.Type.ANSWER, frame.id(), answer.head(), answer.columns());
    }

    private static Batch failed(Batch.Request request, String error, String message) {
        return Batch.answer(Collections.nCopies(request.requests().size(), new Engine.Result.Raised(error, message)));
    }

    private void compare(WorkerFrame frame) throws IOException {
        Instances rows = Batch.readRequest(frame).requests().getFirst();
        boolean alike;
        try {
            alike = engine().computesRowsAlike(rows);
        } catch (Engine.NoMemory | RuntimeException unknown) {
            alike = false;
        }
        answer(frame, WorkerFrame.Type.COMPARED, Json.object().put("batchable", alike));
    }

    private void inspect(WorkerFrame frame) throws IOException {
        OnnxGraph of = graph;
        if (of == null) {
            throw new WorkerFrame.BadFrame("nothing is loaded");
        }
        ObjectNode said;
        try {
            said = described(of);
        } catch (RuntimeException unreadable) {
            said = Json.object();
        }
        answer(frame, WorkerFrame.Type.INSPECTED, said);
    }

    private static ObjectNode described(OnnxGraph graph) {
        ObjectNode said = Json.object();
        said.set("input", graph.inputSchema());
        if (graph.features() >= 0) {
            said.put("features", graph.features());
        }
        said.set("output", graph.outputSchema());
        return said;
    }

    private OnnxEngine engine() throws WorkerFrame.BadFrame {
        OnnxEngine loaded = engine;
        if (loaded == null) {
            throw new WorkerFrame.BadFrame("nothing is loaded");
        }
        return loaded;
    }

    private void answer(WorkerFrame frame, WorkerFrame.Type type, ObjectNode head) throws IOException {
        WorkerFrame.write(out, type, frame.id(), Json.write(head), List.of());
    }
}
