package io.modelward.app;

import io.modelward.core.format.ModelFormats;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.version.VersionLookup;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelNews;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.host.RuntimeProvider;
import io.modelward.runtime.host.Runtimes;
import io.modelward.runtime.job.JobRunner;
import io.modelward.runtime.job.LocalJobRunner;
import io.modelward.runtime.onnx.OnnxRuntimeProvider;
import io.modelward.runtime.python.PythonRuntimeProvider;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.store.assembly.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What runs models. */
final class RuntimeModule extends Module {

    /** In the order in which their formats are tried. */
    private static final List<RuntimeProvider> RUNTIMES =
            List.of(new OnnxRuntimeProvider(), new PythonRuntimeProvider());
    /**
     * How long publishing waits to learn of a model's signature: on a new machine the environment to look at it in is
     * built first.
     */
    private static final Duration INSPECTION = Duration.ofSeconds(90);

    private final RuntimeSettings settings;
    private final Map<RuntimeProvider, RuntimeProvider.Opening> openings = new LinkedHashMap<>();
    private @Nullable Runtimes runtimes;
    private @Nullable RuntimeHost host;

    RuntimeModule(Configuration configuration) {
        this.settings = RuntimeHost.settings(configuration);
        for (RuntimeProvider provider : Providers.findAll(configuration, "runtime.type", RUNTIMES)) {
            openings.put(provider, provider.read(configuration));
        }
    }

    /**
     * Opens the runtimes.
     *
     * @param completions ends requests that timed out or wait for a model that failed
     * @param forms where the forms of models are kept that the server evaluates
     */
    void open(Executor completions, TemporaryFolder temporary, Path forms) {
        RuntimeHost opened = own(RuntimeHost.open(settings, completions, temporary, forms));
        host = opened;
        List<RuntimeKind> kinds =
                RUNTIMES.stream().flatMap(provider -> provider.kinds().stream()).toList();
        runtimes = own(new Runtimes(opened, kinds, openings));
    }

    /** Has what happens to models told from now on. */
    void tell(ModelNews listener) {
        Objects.requireNonNull(host).models().tell(listener);
    }

    ModelRuntime runtime() {
        return Objects.requireNonNull(runtimes);
    }

    /** Runs the commands of training jobs. */
    JobRunner jobs() {
        RuntimeHost opened = Objects.requireNonNull(host);
        return new LocalJobRunner(
                opened.sandbox(),
                runtime()
                        .scripts()
                        .orElse(requirements -> CompletableFuture.failedFuture(ProblemException.refused(
                                "requirements",
                                "This server has no Python environments: runtime.type leaves out python."))));
    }

    /** How models are kept apart, in words. */
    String isolation() {
        return Objects.requireNonNull(host).sandbox().isolation().level().words();
    }

    /** Has the runtime look at drafts that do not say what they take and give. */
    Inspector inspector(Storage storage) {
        ModelFormats formats = Runtimes.formats(List.copyOf(openings.keySet()));
        VersionLookup files = new VersionLookup(storage.catalog(), storage.blobs());
        return new Inspector() {
            @Override
            public ModelFormats formats() {
                return formats;
            }

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
