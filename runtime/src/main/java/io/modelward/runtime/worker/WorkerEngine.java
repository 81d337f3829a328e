package io.modelward.runtime.worker;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.serving.Engine;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A version in a worker process, which is asked by the frames of docs/worker-protocol.md. */
public final class WorkerEngine implements Engine {

    private final WorkerProcess process;
    private final boolean quoted;

    public WorkerEngine(WorkerProcess process) {
        this(process, true);
    }

    /**
     * @param quoted whether the last words of the process hold what the process wrote: a model's text, not this
     * server's
     */
    public WorkerEngine(WorkerProcess process, boolean quoted) {
        this.process = process;
        this.quoted = quoted;
    }

    /** As {@link WorkerProcess#stop}. */
    public OptionalInt stop(Duration patience) throws IOException, InterruptedException {
        return process.stop(patience);
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Has the worker describe its model in the portable form.
     *
     * @return the DESCRIBED frame
     */
    public WorkerFrame describe() throws IOException {
        WorkerFrame frame = process.exchange(WorkerFrame.Type.DESCRIBE, "{}", List.of());
        if (frame.type() != WorkerFrame.Type.DESCRIBED) {
            throw new WorkerFrame.BadFrame("not a description");
        }
        return frame;
    }

    /**
     * Has the worker compute requests, each by itself, by a PROBE frame.
     *
     * @param rows of each request
     */
    public List<Result> probe(String head, List<RawColumn> columns, List<Integer> rows) throws IOException {
        return results(process.exchange(WorkerFrame.Type.PROBE, head, columns), rows);
    }

    @Override
    public List<Result> compute(List<Instances> requests, List<String> outputs) throws IOException {
        Batch batch = Batch.of(requests, outputs);
        return results(
                process.exchange(WorkerFrame.Type.PREDICT, batch.head(), batch.columns()),
                requests.stream().map(Instances::rows).toList());
    }

    private static List<Result> results(WorkerFrame frame, List<Integer> rows) throws IOException {
        if (frame.type() != WorkerFrame.Type.ANSWER) {
            throw new WorkerFrame.BadFrame("not an answer");
        }
        Batch.Answers answer = Batch.read(frame, rows);
        List<Result> results = new ArrayList<>(rows.size());
        int from = 0;
        for (Batch.RequestResult result : answer.results()) {
            if (result.error().equals(Batch.UNFIT)) {
                results.add(new Result.Unfit(result.message()));
            } else if (result.failed()) {
                results.add(new Result.Raised(result.error(), result.message()));
            } else {
                results.add(new Result.Answered(new Predictions(answer.columns(), from, result.rows(), rows.size())));
                from += result.rows();
            }
        }
        return results;
    }

    @Override
    public boolean computesRowsAlike(Instances rows) throws IOException {
        Batch two = Batch.of(List.of(rows, rows), List.of());
        WorkerFrame compared = process.exchange(WorkerFrame.Type.COMPARE, two.head(), two.columns());
        return Json.parse(compared.head(), "head").path("batchable").asBoolean(true);
    }

    @Override
    public void handedOver() {
        process.handedOver();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public String lastWords(Exception died) {
        if (died instanceof WorkerFrame.BadFrame) {
            return String.valueOf(died.getMessage());
        }
        return quoted ? process.lastWords() : process.ending();
    }

    @Override
    public ProblemException lost(Exception died) {
        String why = process.killedBecause();
        String words;
        if (!why.isEmpty()) {
            words = "The model's worker process was ended while it computed this request: " + why + ".";
        } else if (died instanceof EOFException || !(died instanceof WorkerFrame.BadFrame)) {
            words = "The model's worker process ended while it computed this request.";
        } else {
            words = "The model's worker process wrote something that is no answer.";
        }
        return Problem.of(ProblemType.MODEL_FAILED, words + " It is started again.")
                .with("error", "WorkerDied")
                .exception();
    }

    @Override
    public void close() {
        process.close();
    }
}
