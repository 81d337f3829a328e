package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtException;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.serving.EngineLoader;
import io.modelward.runtime.serving.SelfTest;
import io.modelward.runtime.worker.Frame;
import io.modelward.runtime.worker.WorkerEngine;
import io.modelward.runtime.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledFuture;
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
            Tried tried;
            children.acquire();
            try {
                tried = inChild(plan, restarts, progress);
                if (inServer) {
                    endWell(plan, tried.loaded().engine());
                }
            } finally {
                children.release();
            }
            return inServer ? inServer(tried.plan(), tried.loaded(), progress) : tried.loaded();
        } catch (ProblemException problem) {
            throw new Unloadable(problem);
        }
    }

    /** A graph that a child has loaded, with the rows of its test. */
    private record Tried(Loaded loaded, OnnxPlan plan) {}

    private Tried inChild(OnnxPlan plan, int restarts, Progress progress) throws IOException, Unloadable {
        WorkerProcess process =
                host.launcher().start(program.worker(), plan.source().reference(), plan::copyTo);
        WorkerEngine engine = new WorkerEngine(process, false);
        progress.started(engine);
        ScheduledFuture<?> limit = host.after(host.loadTimeout().toNanos(), () -> process.kill());
        try {
            Frame answer = process.exchange(Frame.Type.LOAD, plan.head(), List.of());
            JsonNode head = Json.parse(answer.head(), "head");
            if (answer.type() != Frame.Type.LOADED) {
                throw refused(plan.artifact(), head.path("message").stringValue(""));
            }
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
                    outputs);
            return new Tried(new Loaded(engine, info), complete);
        } catch (IOException | RuntimeException | Unloadable failure) {
            if (failure instanceof IOException && limit.isDone()) {
                throw new Unloadable(late());
            }
            throw failure;
        } finally {
            limit.cancel(false);
            engine.handedOver();
        }
    }

    private static boolean test(Engine engine, OnnxPlan plan, List<String> warnings) throws IOException, Unloadable {
        return plan.sample().isEmpty() || SelfTest.run(engine, plan.sample().get(), plan.ownSample(), warnings);
    }

    /**
     * The facts that the child told hold for the server too. The self-test is repeated for its other purpose, to warm
     * the graph up.
     */
    private Loaded inServer(OnnxPlan plan, Loaded tried, Progress progress) throws IOException, Unloadable {
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
            throw refused(plan.artifact(), "ONNX Runtime says: " + OnnxWords.of(failure));
        } catch (OnnxGraph.Unservable failure) {
            throw refused(plan.artifact(), String.valueOf(failure.getMessage()));
        } finally {
            if (engine == null) {
                if (graph != null) {
                    graph.close();
                }
                WorkerDirectories.tryToRemove(directory);
            }
        }
        progress.started(engine);
        OnnxEngine opened = engine;
        ScheduledFuture<?> limit = host.after(host.loadTimeout().toNanos(), opened::kill);
        try {
            test(engine, plan, new ArrayList<>());
        } finally {
            limit.cancel(false);
            engine.handedOver();
        }
        return new Loaded(engine, tried.info());
    }

    private static void endWell(OnnxPlan plan, Engine child) throws IOException, Unloadable, InterruptedException {
        try (child) {
            OptionalInt code = ((WorkerEngine) child).stop(END);
            if (!code.equals(OptionalInt.of(0))) {
                throw new Unloadable(Problem.of(
                                ProblemType.REFUSED,
                                "The graph " + plan.artifact()
                                        + " is not opened: the process that tried it first did not end well.")
                        .exception());
            }
        }
    }

    private static Unloadable refused(String artifact, String why) {
        return new Unloadable(
                Problem.of(ProblemType.REFUSED, "The graph " + artifact + " cannot be loaded: " + why + ".")
                        .with("error", "OnnxRuntimeError")
                        .exception());
    }

    private ProblemException late() {
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The model could not be loaded within "
                                + host.loadTimeout().toSeconds() + " seconds.")
                .exception();
    }
}
