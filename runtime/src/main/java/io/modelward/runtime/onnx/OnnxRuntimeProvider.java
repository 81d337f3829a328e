package io.modelward.runtime.onnx;

import io.modelward.core.format.ModelFormat;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.host.RuntimeProvider;
import java.util.List;

/** ONNX graphs. {@code runtime.onnx} says where they run: {@code in-server}, or {@code child} for a process each. */
public final class OnnxRuntimeProvider implements RuntimeProvider {

    private static final List<ModelFormat> FORMATS = List.of(new OnnxFormat());
    private static final String KEY = "runtime.onnx";

    @Override
    public String type() {
        return "onnx";
    }

    @Override
    public List<RuntimeKind> kinds() {
        return List.of(OnnxRuntime.IN_SERVER, OnnxRuntime.CHILD);
    }

    @Override
    public List<ModelFormat> formats() {
        return FORMATS;
    }

    @Override
    public Opening read(Configuration configuration) {
        String where = configuration.text(KEY).orElse("in-server");
        boolean inServer = switch (where) {
            case "in-server" -> true;
            case "child" -> false;
            default -> throw new StartRefused(KEY + " is in-server or child.");
        };
        return host -> new OnnxRuntime(host, inServer);
    }
}
