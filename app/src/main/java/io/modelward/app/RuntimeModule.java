package io.modelward.app;

import io.modelward.core.manifest.Manifest;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.version.VersionLookup;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeProvider;
import io.modelward.runtime.python.PythonRuntimeProvider;
import io.modelward.store.assembly.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What runs models. */
final class RuntimeModule extends Module {

    private static final List<RuntimeProvider> RUNTIMES = List.of(new PythonRuntimeProvider());
    /** How long publishing waits to learn of a model's signature: on a new machine the environment to look at it in is built first. */
    private static final Duration INSPECTION = Duration.ofSeconds(90);

    private final RuntimeProvider.Opening opening;
    private @Nullable ModelRuntime runtime;

    RuntimeModule(Configuration configuration) {
        this.opening = Providers.find(configuration, "runtime.type", "python", RUNTIMES)
                .read(configuration);
    }

    void open() {
        runtime = own(opening.open());
    }

    ModelRuntime runtime() {
        return Objects.requireNonNull(runtime);
    }

    /** How models are kept apart, in words. */
    String isolation() {
        return runtime().describe().path("isolation").path("words").asString("");
    }

    /** Has the runtime look at drafts that do not say what they take and give. */
    Inspector inspector(Storage storage) {
        VersionLookup files = new VersionLookup(storage.catalog(), storage.blobs());
        return new Inspector() {
            @Override
            public Optional<Signature> inspect(ModelName model, Manifest manifest) {
                return runtime()
                        .inspect(source(model, manifest), INSPECTION)
                        .join()
                        .map(Inspection::signature);
            }

            @Override
            public Map<String, String> releases(ModelName model, Manifest manifest) {
                return runtime().releases(source(model, manifest));
            }

            private ModelSource source(ModelName model, Manifest manifest) {
                return new ModelSource(
                        model + "@draft", manifest.digest(), manifest.files(), files::open, Signature.unknown());
            }
        };
    }
}
