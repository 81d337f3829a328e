package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtException;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.LargeFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A graph that is open in this process. */
final class OnnxEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxEngine.class);
    private static final double TOLERANCE = 1e-6;
    static final String ERROR = "OnnxRuntimeError";

    private final OnnxGraph graph;
    private final OnnxGraph.Wanted answer;
    private final AtomicBoolean killed = new AtomicBoolean();

    private final LargeFrames gate;
    private final @Nullable Path directory;

    /**
     * For a graph.
     *
     * @param answer the outputs of a call that names none
     * @param gate of all large inputs and answers in this process
     */
    OnnxEngine(OnnxGraph graph, OnnxGraph.Wanted answer, LargeFrames gate) {
        this(graph, answer, gate, null);
    }

    /** @param directory of the graph's files, removed when the engine ends */
    OnnxEngine(OnnxGraph graph, OnnxGraph.Wanted answer, LargeFrames gate, @Nullable Path directory) {
        this.gate = gate;
        this.graph = graph;
        this.answer = answer;
        this.directory = directory;
    }

    @Override
    public boolean isAlive() {
        return !killed.get();
    }

    @Override
    public List<Result> compute(List<Instances> requests, List<String> outputs) throws IOException {
        OnnxGraph.Wanted wanted = outputs.isEmpty() ? answer : OnnxGraph.named(outputs);
        List<Result> results = new ArrayList<>(requests.size());
        if (requests.size() > 1) {
            Instances whole = Instances.joined(requests);
            if (run(whole, wanted, requests.size(), new AnswerRoom(gate)) instanceof Result.Answered answered) {
                int from = 0;
                for (Instances request : requests) {
                    results.add(new Result.Answered(
                            new Predictions(answered.predictions().columns(), from, request.rows(), requests.size())));
                    from += request.rows();
                }
                return results;
            }
        }
        // One of them may be at fault, and fails alone.
        AnswerRoom room = new AnswerRoom(gate);
        for (Instances request : requests) {
            results.add(run(request, wanted, 1, room));
        }
        return results;
    }

    private Result run(Instances rows, OnnxGraph.Wanted wanted, int requests, AnswerRoom room) throws IOException {
        try {
            List<OutputColumn> columns = graph.oneByOne() && rows.rows() > 1
                    ? rowByRow(rows, wanted, room)
                    : graph.run(rows, wanted, gate, room);
            return new Result.Answered(new Predictions(columns, 0, rows.rows(), requests));
        } catch (RowEncoder.Unfit unfit) {
            return new Result.Unfit(String.valueOf(unfit.getMessage()));
        } catch (ColumnDecoder.Unfit unfit) {
            return new Result.Raised(unfit.error(), String.valueOf(unfit.getMessage()));
        } catch (OrtException raised) {
            if (killed.get()) {
                throw new IOException("the run was ended", raised);
            }
            return new Result.Raised(ERROR, OnnxWords.of(raised));
        } catch (RuntimeException failure) {
            // Dimensions that no array has, and the like. The message may hold values of the caller.
            LOG.debug("an input or an answer could not be converted", failure);
            return new Result.Raised(ERROR, "the rows or the answer cannot be converted");
        }
    }

    /** For graphs that take one row at a time. */
    private List<OutputColumn> rowByRow(Instances rows, OnnxGraph.Wanted wanted, AnswerRoom room)
            throws OrtException, RowEncoder.Unfit, ColumnDecoder.Unfit, NoMemory {
        List<List<OutputColumn>> parts = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            parts.add(graph.run(rows.slice(row, row + 1), wanted, gate, room));
        }
        int[] from = new int[parts.size()];
        int[] ends = new int[parts.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i + 1;
        }
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < parts.getFirst().size(); i++) {
            int index = i;
            List<OutputColumn> rowsOfOne =
                    parts.stream().map(part -> part.get(index)).toList();
            columns.add(dense(rowsOfOne)
                    .orElseGet(
                            () -> new OutputColumn.Joined(rowsOfOne.getFirst().quotedName(), rowsOfOne, from, ends)));
        }
        return columns;
    }

    /** The parts as one column, which takes less than its JSON would; empty when the parts differ in shape. */
    private static Optional<OutputColumn> dense(List<OutputColumn> parts) {
        if (!(parts.getFirst() instanceof OutputColumn.Dense first)) {
            return Optional.empty();
        }
        int each = first.data().remaining();
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(each, parts.size())).order(ByteOrder.LITTLE_ENDIAN);
        for (OutputColumn part : parts) {
            if (!(part instanceof OutputColumn.Dense dense)
                    || dense.type() != first.type()
                    || !Arrays.equals(dense.shape(), first.shape())) {
                return Optional.empty();
            }
            data.put(dense.data().duplicate());
        }
        return Optional.of(new OutputColumn.Dense(
                first.quotedName(), first.type(), first.shape(), data.flip().order(ByteOrder.LITTLE_ENDIAN)));
    }

    @Override
    public boolean computesRowsAlike(Instances rows) throws IOException {
        Instances twice = rows.cycled(Math.max(2, rows.rows()));
        Result together = run(twice, answer, 1, new AnswerRoom(gate));
        for (int row = 0; row < twice.rows(); row++) {
            Result alone = run(twice.slice(row, row + 1), answer, 1, new AnswerRoom(gate));
            if (!alike(together, row, alone)) {
                return false;
            }
        }
        return true;
    }

    private static boolean alike(Result together, int row, Result alone) {
        if (together instanceof Result.Answered(Predictions all) && alone instanceof Result.Answered(Predictions one)) {
            Optional<byte[]> left = json(all, row);
            Optional<byte[]> right = json(one, 0);
            if (left.isEmpty() || right.isEmpty()) {
                return left.isEmpty() && right.isEmpty();
            }
            return CloseJson.areClose(left.get(), right.get(), TOLERANCE);
        }
        return !(together instanceof Result.Answered) && !(alone instanceof Result.Answered);
    }

    /** One row; empty when the row holds an infinite number, which JSON does not have. */
    private static Optional<byte[]> json(Predictions predictions, int row) {
        JsonBytes json = new JsonBytes();
        try {
            predictions.writeRow(row, json);
        } catch (ProblemException infinite) {
            return Optional.empty();
        }
        return Optional.of(json.toArray());
    }

    @Override
    public void handedOver() {
        gate.leave();
    }

    @Override
    public void kill() {
        killed.set(true);
        graph.terminate();
    }

    @Override
    public String lastWords(Exception died) {
        return killed.get()
                ? "it was ended, since it computed too long or is not wanted any more"
                : String.valueOf(died.getMessage());
    }

    @Override
    public ProblemException lost(Exception died) {
        return Problem.of(
                        ProblemType.MODEL_FAILED,
                        "The model was ended while it computed this request, since that took too long. It is"
                                + " loaded again.")
                .with("error", "RunEnded")
                .exception();
    }

    @Override
    public void close() {
        graph.close();
        if (directory != null) {
            WorkerDirectories.tryToRemove(directory);
        }
    }
}
