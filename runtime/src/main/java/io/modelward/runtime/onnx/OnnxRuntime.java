package io.modelward.runtime.onnx;

import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.host.WorkerInspector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * Runs ONNX graphs. A graph is a stranger's file that native code parses: so each is loaded and tested in a child
 * process first, and the server itself opens the graph only when that process ended well. With {@code child} the server
 * never opens it.
 */
public final class OnnxRuntime implements ModelRuntime {

    static final RuntimeKind IN_SERVER = new RuntimeKind((byte) 2, "onnx");
    static final RuntimeKind CHILD = new RuntimeKind((byte) 3, "onnx-child");

    private static final int INSPECTED_AT_ONCE = 2;
    private static final ModelFormats FORMATS = new ModelFormats(List.of(new OnnxFormat()));

    private final RuntimeHost host;
    private final boolean inServer;
    private final OnnxLoader loader;
    private final WorkerInspector inspector;

    OnnxRuntime(RuntimeHost host, boolean inServer) {
        this(host, inServer, new OnnxProgram(host.sandbox())::worker);
    }

    /** @param program of the child processes */
    OnnxRuntime(RuntimeHost host, boolean inServer, OnnxProgram.Source program) {
        this.host = host;
        this.inServer = inServer;
        this.loader = new OnnxLoader(host, program, inServer);
        this.inspector = new WorkerInspector(host, "graph-inspector", INSPECTED_AT_ONCE, (source, _) -> {
            OnnxPlan plan = OnnxPlan.of(source);
            return Optional.of(new WorkerInspector.Started(plan.startChild(host, program), plan.head()));
        });
    }

    /** The file of the graph, as a path within the version. */
    static String artifact(ModelSource source) {
        return FORMATS.of(source)
                .map(ModelFormats.Detected::artifact)
                .orElseThrow(() -> ProblemException.refused(
                        "files", "This version cannot be served as an ONNX graph: it needs " + FORMATS.words() + "."));
    }

    @Override
    public RunningModel start(ModelSource source) {
        return host.models().start(source, loader);
    }

    /** Graphs need no environment beside the server's own. */
    @Override
    public EnvironmentInfo environment(ModelSource source) {
        return new EnvironmentInfo("", EnvironmentInfo.State.READY, "");
    }

    @Override
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return inspector.inspect(source, limit);
    }

    @Override
    public JsonNode describe() {
        return Json.object().put("onnx", inServer ? "in-server" : "child");
    }

    @Override
    public void close() {
        inspector.close();
    }
}
