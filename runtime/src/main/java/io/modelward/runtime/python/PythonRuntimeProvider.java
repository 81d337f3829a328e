package io.modelward.runtime.python;

import io.modelward.core.format.BoosterFormat;
import io.modelward.core.format.ModelFormat;
import io.modelward.core.format.PickleFormat;
import io.modelward.core.format.PyfuncFormat;
import io.modelward.core.settings.Configuration;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.host.RuntimeProvider;
import io.modelward.runtime.portable.Evaluation;
import java.nio.file.Path;
import java.util.List;

/** Models in Python worker processes. Its keys begin with {@code runtime.}. */
public final class PythonRuntimeProvider implements RuntimeProvider {

    private static final List<ModelFormat> FORMATS =
            List.of(new PyfuncFormat(), new PickleFormat(), BoosterFormat.XGBOOST, BoosterFormat.LIGHTGBM);

    @Override
    public String type() {
        return "python";
    }

    @Override
    public List<RuntimeKind> kinds() {
        return List.of(PythonRuntime.KIND, Evaluation.KIND);
    }

    @Override
    public List<ModelFormat> formats() {
        return FORMATS;
    }

    @Override
    public Opening read(Configuration configuration) {
        PythonSettings defaults = PythonSettings.defaults();
        PythonSettings settings = new PythonSettings(
                configuration.duration("runtime.build-timeout", defaults.buildTimeout()),
                configuration.flag("runtime.source-packages"),
                configuration.text("runtime.python").map(Path::of),
                configuration.text("runtime.environment").map(Path::of));
        return host -> new PythonRuntime(host, settings);
    }
}
