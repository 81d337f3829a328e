package io.modelward.runtime.python;

import io.modelward.core.settings.Configuration;
import io.modelward.runtime.RuntimeProvider;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import java.nio.file.Path;

/** Models in Python worker processes. Its keys begin with {@code runtime.}. */
public final class PythonRuntimeProvider implements RuntimeProvider {

    @Override
    public String type() {
        return "python";
    }

    @Override
    public Opening read(Configuration configuration) {
        RuntimeSettings settings = settings(configuration);
        return () -> PythonRuntime.open(settings);
    }

    private static RuntimeSettings settings(Configuration configuration) {
        RuntimeSettings defaults = RuntimeSettings.defaults();
        return new RuntimeSettings(
                configuration.duration("runtime.request-timeout", defaults.requestTimeout()),
                configuration.duration("runtime.hard-timeout", defaults.hardTimeout()),
                configuration.duration("runtime.load-timeout", defaults.loadTimeout()),
                configuration.duration("runtime.build-timeout", defaults.buildTimeout()),
                configuration.flag("runtime.source-packages"),
                configuration.text("runtime.python").map(Path::of),
                configuration.text("runtime.environment").map(Path::of),
                limits(configuration, defaults.limits()));
    }

    private static WorkerLimits limits(Configuration configuration, WorkerLimits defaults) {
        return new WorkerLimits(
                configuration.size("runtime.worker-memory", defaults.memory(), 256L << 20),
                configuration.size("runtime.worker-disk", defaults.disk(), 1L << 20),
                configuration.number("runtime.worker-files", defaults.files(), 100, 100_000_000),
                configuration.number("runtime.worker-processes", defaults.processes(), 8, 1_000_000));
    }
}
