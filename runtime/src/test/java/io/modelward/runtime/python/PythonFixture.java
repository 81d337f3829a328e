package io.modelward.runtime.python;

import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import java.util.Map;

/** Opens the runtime of Python alone. */
final class PythonFixture {

    private PythonFixture() {}

    static RuntimeFixture open(RuntimeSettings settings, PythonSettings python) {
        return new RuntimeFixture(
                settings, Map.of(new PythonRuntimeProvider(), host -> new PythonRuntime(host, python)));
    }
}
