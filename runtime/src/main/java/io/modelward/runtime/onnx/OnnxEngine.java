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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A graph that is open in this process. */
final class OnnxEngine implements Engine {

    private static final double TOLERANCE = 1e-6;

    private final OnnxGraph graph;
    private final OnnxGraph.Answer answer;
    private final AtomicBoolean killed = new AtomicBoolean();

    private final @Nullable Path directory;

    /** @param answer the outputs of a call that names none */
    OnnxEngine(OnnxGraph graph, OnnxGraph.Answer answer) {
        this(graph, answer, null);
    }

    /** @param directory of the graph's files, removed when the engine ends */
    OnnxEngine(OnnxGraph graph, OnnxGraph.Answer answer, @Nullable Path directory) {
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
        OnnxGraph.Answer wanted = outputs.isEmpty() ? answer : OnnxGraph.named(outputs);
        List<Result> results = new ArrayList<>(requests.size());
        if (requests.size() > 1) {
            Instances whole = Instances.joined(requests);
            if (run(whole, wanted, requests.size()) instanceof Result.Answered answered) {
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
        for (Instances request : requests) {
            results.add(run(request, wanted, 1));
        }
        return results;
    }

    private Result run(Instances rows, OnnxGraph.Answer wanted, int requests) throws IOException {
        try {
            List<OutputColumn> columns =
                    graph.oneByOne() && rows.rows() > 1 ? rowByRow(rows, wanted) : graph.run(rows, wanted);
            return new Result.Answered(new Predictions(columns, 0, rows.rows(), requests));
        } catch (RowEncoder.Unfit unfit) {
            return new Result.Unfit(String.valueOf(unfit.getMessage()));
        } catch (ColumnDecoder.Unfit unfit) {
            return new Result.Raised(unfit.error(), String.valueOf(unfit.getMessage()));
        } catch (OrtException raised) {
            if (killed.get()) {
                throw new IOException("the run was ended", raised);
            }
            return new Result.Raised("OnnxRuntimeError", OnnxWords.of(raised));
        }
    }

    /** For graphs that take one row at a time. */
    private List<OutputColumn> rowByRow(Instances rows, OnnxGraph.Answer wanted)
            throws OrtException, RowEncoder.Unfit, ColumnDecoder.Unfit {
        List<List<OutputColumn>> parts = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            parts.add(graph.run(rows.slice(row, row + 1), wanted));
        }
        int[] from = new int[parts.size()];
        int[] ends = new int[parts.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i + 1;
        }
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < parts.getFirst().size(); i++) {
            int index = i;
            columns.add(new OutputColumn.Joined(
                    parts.getFirst().get(i).quotedName(),
                    parts.stream().map(part -> part.get(index)).toList(),
                    from,
                    ends));
        }
        return columns;
    }

    @Override
    public boolean computesRowsAlike(Instances rows) throws IOException {
        Instances twice = rows.cycled(Math.max(2, rows.rows()));
        Result together = run(twice, answer, 1);
        for (int row = 0; row < twice.rows(); row++) {
            Result alone = run(twice.slice(row, row + 1), answer, 1);
            if (!alike(together, row, alone)) {
                return false;
            }
        }
        return true;
    }

    private static boolean alike(Result together, int row, Result alone) {
        if (together instanceof Result.Answered(Predictions all) && alone instanceof Result.Answered(Predictions one)) {
            JsonBytes left = new JsonBytes();
            JsonBytes right = new JsonBytes();
            all.writeRow(row, left);
            one.writeRow(0, right);
            return CloseJson.areClose(left.toArray(), right.toArray(), TOLERANCE);
        }
        return !(together instanceof Result.Answered) && !(alone instanceof Result.Answered);
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
                        "The model was ended while it computed this request, since that took too long. It is loaded again.")
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
