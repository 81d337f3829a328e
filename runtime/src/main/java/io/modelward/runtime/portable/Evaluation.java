package io.modelward.runtime.portable;

import io.modelward.core.json.Json;
import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.ServedBy;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.WorkerEngine;
import io.modelward.runtime.worker.WorkerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Takes versions over from their workers: has a worker describe its model, proves that the description answers alike,
 * and keeps it for the next load.
 */
public final class Evaluation {

    /** Decision records keep the number: it means the evaluator, with version 1 of the form. */
    public static final RuntimeKind KIND = new RuntimeKind((byte) 4, "evaluator-form-1");

    private static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_REMEMBERED = 1000;

    private final FormStore store;
    private final EvaluatorMemory memory;

    /** Versions whose worker ended while it described its model, by digest: it would end again. */
    private final Set<String> deadly = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }));

    /** @param memory of the evaluators of forms in that store */
    public Evaluation(FormStore store, EvaluatorMemory memory) {
        this.store = store;
        this.memory = memory;
    }

    /** The evaluators that are in memory. */
    public EvaluatorMemory memory() {
        return memory;
    }

    /** A version that the server evaluates, with what is told of it. */
    public record Evaluated(EvaluatedEngine engine, ServedBy served, FormStore.Facts facts) {}

    /**
     * The outcome of a try.
     *
     * @param engine empty when the worker keeps the version
     */
    public record Outcome(Optional<EvaluatedEngine> engine, ServedBy served) {

        private static Outcome worker(String reason) {
            return new Outcome(Optional.empty(), ServedBy.worker(reason));
        }
    }

    /**
     * A version whose form was proved by an earlier load.
     *
     * @param depends what the form depends on besides the version's files
     */
    public Optional<Evaluated> kept(ModelSource source, String depends) {

        String name = store.name(source.digest(), depends);
        Optional<FormStore.Kept> kept = store.read(name);

        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {

            EvaluatedEngine engine =
                    new EvaluatedEngine(memory.add(name, kept.get()), kept.get().cost());
            return Optional.of(
                    new Evaluated(engine, kept.get().served(), kept.get().facts()));
        } catch (BadForm older) {
            return Optional.empty();
        }
    }

    /**
     * Tries to take a version over.
     *
     * @param worker that has the version loaded
     * @param depends as in {@link #kept}
     * @param sample of the version's rows
     * @param facts of the model, to be kept
     * @param time for the description and the proof; no more rows are tried after it
     * @throws IOException when the worker ends meanwhile; the next try leaves the version to its worker
     */
    public Outcome tryTo(
            WorkerEngine worker,
            ModelSource source,
            String depends,
            Optional<Instances> sample,
            FormStore.Facts facts,
            Duration time)
            throws IOException {
        if (deadly.contains(source.digest().hex())) {
            return Outcome.worker("its worker ended when it was to describe the model");
        }
        try {
            return LowPriority.run(
                    "proof " + source.reference(), () -> take(worker, source, depends, sample, facts, time));
        } catch (Engine.NoMemory full) {
            return Outcome.worker("there was no memory for its description when it was loaded");
        } catch (IOException ended) {
            // A worker that is ended because nobody wants the version any more says nothing of the version.
            if (!Thread.currentThread().isInterrupted()) {
                deadly.add(source.digest().hex());
            }
            throw ended;
        }
    }

    private Outcome take(
            WorkerEngine worker,
            ModelSource source,
            String depends,
            Optional<Instances> sample,
            FormStore.Facts facts,
            Duration time)
            throws IOException {
        long until = System.nanoTime() + Math.min(PROOF_NANOS, time.toNanos());
        WorkerFrame described = worker.describe();
        JsonNode head = Json.parse(described.head(), "head");
        if (head.has("reason")) {
            return Outcome.worker(head.path("reason").asString(""));
        }
        try {
            // The frame's bytes go with the frame; what is kept for long is a copy without the rest.
            byte[] arrays = new byte[described.columns().remaining()];
            described.columns().duplicate().get(arrays);
            ByteBuffer raw = ByteBuffer.wrap(arrays);
            Evaluator evaluator = Evaluator.of(FormReader.read(described.head(), raw, Bounds.USUAL), Bounds.USUAL);

            EvaluatorMemory.Ready ready = EvaluatorMemory.Ready.of(evaluator);
            WholeProbes whole = new WholeProbes(evaluator, ready, source.signature(), sample);

            EvaluationProof.Outcome proof = new EvaluationProof(evaluator, new WorkerOracle(worker), until).run(whole);
            if (!proof.failure().isEmpty()) {
                return Outcome.worker("the evaluator does not answer as the model does: " + proof.failure());
            }

            // Without rows to measure with: an elementary step takes about a nanosecond.

            long nanos =
                    sample.map(rows -> EvaluatedEngine.measure(ready, rows)).orElse(Math.max(1, evaluator.work()));

            ServedBy served = new ServedBy(
                    ServedBy.Computer.EVALUATOR,
                    proof.probes(),
                    proof.nodes(),
                    proof.nodesReached(),
                    proof.largestDifference(),
                    "");

            RowCost cost = new RowCost(nanos, 8L * evaluator.cells());
            String name = store.name(source.digest(), depends);
            store.write(name, new FormStore.Kept(described.head(), raw, served, cost, facts));
            return new Outcome(Optional.of(new EvaluatedEngine(memory.add(name, evaluator), cost)), served);
        } catch (BadForm bad) {
            return Outcome.worker("its description is refused: " + bad.why());
        }
    }
}
