package io.modelward.runtime.host;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.serving.EngineLoader.Progress;
import io.modelward.runtime.serving.EngineLoader.Unloadable;
import io.modelward.runtime.worker.WorkerEngine;
import io.modelward.runtime.worker.WorkerFrame;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The steps of loading that all runtimes share: an engine is told to the model that waits for it, is ended when loading
 * takes too long, and in a worker process first loads the model by a frame of docs/worker-protocol.md.
 */
public final class EngineLoad {

    private final RuntimeHost host;
    private final Progress progress;

    /** @param progress is told of each engine as soon as there is one */
    public EngineLoad(RuntimeHost host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** A step of loading that an engine takes part in. */
    public interface Step<T> {

        T run() throws IOException, Unloadable;
    }

    /** Reads the facts that a worker tells about the model that it has loaded, and tests the model. */
    public interface Facts<T> {

        /** @param head of the worker's answer */
        T read(Engine engine, JsonNode head) throws IOException, Unloadable;
    }

    /**
     * Loads a model in a worker process.
     *
     * @param engine of that process
     * @param head of the frame that loads
     * @param refusal the problem of a model that cannot be loaded, from the head of the worker's answer
     */
    public <T> T inWorker(
            WorkerProcess process,
            WorkerEngine engine,
            String head,
            Function<JsonNode, ProblemException> refusal,
            Facts<T> facts)
            throws IOException, Unloadable {
        return within(engine, () -> {
            WorkerFrame answer = process.exchange(WorkerFrame.Type.LOAD, head, List.of());
            JsonNode told = Json.parse(answer.head(), "head");
            if (answer.type() != WorkerFrame.Type.LOADED) {
                throw new Unloadable(refusal.apply(told));
            }
            return facts.read(engine, told);
        });
    }

    /**
     * Takes a step, and ends the engine when the step takes longer than loading may. Whoever was told of the engine
     * closes the engine, also when the step fails, and first asks for its last words.
     */
    public <T> T within(Engine engine, Step<T> step) throws IOException, Unloadable {
        progress.started(engine);
        ScheduledFuture<?> limit = host.after(host.loadTimeout().toNanos(), engine::kill);
        try {
            return step.run();
        } catch (IOException lost) {
            if (limit.isDone()) {
                throw new Unloadable(late());
            }
            throw lost;
        } finally {
            limit.cancel(false);
            // A self-test may have had a large answer, and perhaps no request follows for long.
            engine.handedOver();
        }
    }

    private ProblemException late() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The model could not be loaded within "
                                + host.loadTimeout().toSeconds() + " seconds.")
                .exception();
    }
}
