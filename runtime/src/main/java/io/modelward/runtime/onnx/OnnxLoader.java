package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtException;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.ServedBy;
import io.modelward.runtime.host.EngineLoad;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.serving.EngineLoader;
import io.modelward.runtime.serving.SelfTest;
import io.modelward.runtime.worker.WorkerEngine;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * Opens graphs. The child process is always first: it parses the file, answers the version's sample, and must end well.
 * Only then does the server open the graph itself, from files of its own that the child never could write to.
 */
final class OnnxLoader implements EngineLoader {

    private static final Duration END = Duration.ofSeconds(10);

    /** Each child takes memory and a core while it starts: all of a server's graphs at once would take too much. */
    private static final int CHILDREN_AT_ONCE = 3;

    private final Semaphore children = new Semaphore(CHILDREN_AT_ONCE, true);
    private final RuntimeHost host;
    private final OnnxProgram.Source program;
    private final boolean inServer;

    OnnxLoader(RuntimeHost host, OnnxProgram.Source program, boolean inServer) {
        this.host = host;
        this.program = program;
        this.inServer = inServer;
    }

    @Override
    public RuntimeKind kind() {
        return inServer ? OnnxRuntime.IN_SERVER : OnnxRuntime.CHILD;
    }

    @Override
    public Loaded load(ModelSource source, int restarts, Progress progress)
            throws IOException, Unloadable, InterruptedException {
        try {
            OnnxPlan plan = OnnxPlan.of(source);
            EngineLoad load = new EngineLoad(host, progress);
            Tried tried;
            children.acquire();
            try {
                tried = inChild(plan, restarts, load);
                if (inServer) {
                    endWell(plan, tried.child());
                }
            } finally {
                children.release();
            }
            return inServer ? inServer(tried.plan(), tried.loaded(), load) : tried.loaded();
        } catch (ProblemException problem) {
            throw new Unloadable(problem);
        }
    }

    /** A graph that a child has loaded, with the rows of its test. */
    private record Tried(Loaded loaded, WorkerEngine child, OnnxPlan plan) {}

    private Tried inChild(OnnxPlan plan, int restarts, EngineLoad load) throws IOException, Unloadable {
        WorkerProcess process = plan.startChild(host, program);
        WorkerEngine engine = new WorkerEngine(process, false);
        return load.inWorker(
                process,
                engine,
                plan.head(),
                head -> refused(plan.artifact(), head.path("message").stringValue("")),
                (_, head) -> tried(plan, restarts, engine, head));
    }

    private Tried tried(OnnxPlan plan, int restarts, WorkerEngine engine, JsonNode head)
            throws IOException, Unloadable {
        List<String> warnings = new ArrayList<>(plan.notes());
        OnnxPlan complete = plan.sample().isEmpty() ? plan.with(head.path("blank")) : plan;
        boolean batchable = test(engine, complete, warnings);
        List<String> outputs = new ArrayList<>();
        head.path("outputs").forEach(output -> outputs.add(output.stringValue("")));
        String release = head.path("packages").path("onnxruntime").stringValue("");
        ModelInfo info = new ModelInfo(
                ModelInfo.State.READY,
                "",
                kind(),
                head.path("model").stringValue(""),
                Map.of("onnxruntime", release),
                warnings,
                batchable,
                restarts,
                outputs,
                ServedBy.onnxRuntime());
        return new Tried(new Loaded(engine, info), engine, complete);
    }

    private static boolean test(Engine engine, OnnxPlan plan, List<String> warnings) throws IOException, Unloadable {
        return plan.sample().isEmpty() || SelfTest.run(engine, plan.sample().get(), plan.ownSample(), warnings);
    }

    /**
     * The facts that the child told hold for the server too. The self-test is repeated for its other purpose, to warm
     * the graph up.
     */
    private Loaded inServer(OnnxPlan plan, Loaded tried, EngineLoad load) throws IOException, Unloadable {
        Path directory = host.sandbox().directories().create();
        OnnxGraph graph = null;
        OnnxEngine engine = null;
        try {
            plan.copyTo(directory);
            graph = OnnxGraph.open(directory.resolve(plan.artifact()), plan.columns());
            engine = new OnnxEngine(
                    graph,
                    graph.answer(plan.source().signature().output()),
                    host.launcher().large(),
                    directory);
        } catch (OrtException failure) {
            throw new Unloadable(refused(plan.artifact(), "ONNX Runtime says: " + OnnxWords.of(failure)));
        } catch (OnnxGraph.Unservable failure) {
            throw new Unloadable(refused(plan.artifact(), String.valueOf(failure.getMessage())));
        } finally {
            if (engine == null) {
                if (graph != null) {
                    graph.close();
                }
                WorkerDirectories.tryToRemove(directory);
            }
        }
        OnnxEngine opened = engine;
        return load.within(opened, () -> {
            test(opened, plan, new ArrayList<>());
            return new Loaded(opened, tried.info());
        });
    }

    private static void endWell(OnnxPlan plan, WorkerEngine child)
            throws IOException, Unloadable, InterruptedException {
        try (child) {
            OptionalInt code = child.stop(END);
            if (!code.equals(OptionalInt.of(0))) {
                throw new Unloadable(Problem.of(
                                ProblemType.REFUSED,
                                "The graph " + plan.artifact()
                                        + " is not opened: the process that tried it first did not end well.")
                        .exception());
            }
        }
    }

    private static ProblemException refused(String artifact, String why) {
        return Problem.of(ProblemType.REFUSED, "The graph " + artifact + " cannot be loaded: " + why + ".")
                .with("error", "OnnxRuntimeError")
                .exception();
    }
}
