package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeFixture;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.ServedBy;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time that a description takes is no reason to refuse a version. */
class EvaluatedLoadTest {

    private static final String CODE = """
            import time
            class Width(int):
                def __int__(self):
                    time.sleep(60)
                    return 4
                def __reduce__(self): return (slowly, ())
            def slowly():
                time.sleep(3)
                return Width(4)
            """;

    @TempDir
    Path scratch;

    @Test
    void a_version_that_loads_in_time_serves_when_its_description_would_take_too_long() throws Exception {
        Path python;
        try (TemporaryFolder temporary = TemporaryFolder.open();
                Sandbox sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
                Environments environments = new Environments(PythonSettings.defaults(), sandbox)) {
            python = environments.shared().interpreter().get(10, TimeUnit.MINUTES);
        }
        Files.writeString(scratch.resolve("slow.py"), CODE);
        OddModel.run(
                python,
                scratch,
                "import joblib, slow; from sklearn.datasets import load_iris;"
                        + " from sklearn.tree import DecisionTreeClassifier as T;"
                        + " m = T(max_depth=2).fit(*load_iris(return_X_y=True)); m.n_features_in_ = slow.Width(4);"
                        + " joblib.dump(m, 'model.joblib')");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.joblib", Files.readAllBytes(scratch.resolve("model.joblib")));
        files.put(".modelward/code/slow.py", CODE.getBytes(StandardCharsets.UTF_8));
        String four = "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}";
        // A worker that starts beside other work takes some seconds more than the three of the model.
        RuntimeSettings hasty = new RuntimeSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                WorkerLimits.defaults(),
                true,
                1,
                1 << 20);
        try (RuntimeFixture runtime = PythonFixture.open(
                        hasty,
                        new PythonSettings(Duration.ofMinutes(10), false, Optional.empty(), Optional.of(python)));
                RunningModel model =
                        runtime.start(OddModel.source("default/slow@1.0.0", files, OddModel.signature(four, null)))) {
            ModelInfo info = model.ready().join();
            assertThat(info.served().by()).isEqualTo(ServedBy.Computer.WORKER);
            assertThat(info.served().reason())
                    .containsAnyOf("ended when it was to describe", "left no time to prove its description");
        }
    }
}
