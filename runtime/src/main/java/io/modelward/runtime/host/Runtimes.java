package io.modelward.runtime.host;

import io.modelward.core.format.ModelFormat;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeKind;
import io.modelward.runtime.ScriptEnvironments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All runtimes of a server as one: a version's format says which of them runs the version. */
public final class Runtimes implements ModelRuntime {

    /** A runtime with the provider that opened it. */
    private record Entry(RuntimeProvider provider, ModelRuntime runtime) {}

    private final RuntimeHost host;
    private final List<RuntimeKind> kinds;
    private final List<Entry> entries = new ArrayList<>();
    private final ModelFormats formats;

    /**
     * Opens runtimes.
     *
     * @param kinds all kinds that may have computed an earlier prediction, also of runtimes that are not opened now
     * @param providers with their settings, in the order in which their formats are tried
     */
    public Runtimes(
            RuntimeHost host, List<RuntimeKind> kinds, Map<RuntimeProvider, RuntimeProvider.Opening> providers) {
        this.host = host;
        this.kinds = List.copyOf(kinds);
        this.formats = formats(List.copyOf(providers.keySet()));
        try {
            providers.forEach((provider, opening) -> entries.add(new Entry(provider, opening.open(host))));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** The formats that these run. */
    public static ModelFormats formats(List<RuntimeProvider> providers) {
        List<ModelFormat> formats = new ArrayList<>();
        providers.forEach(provider -> formats.addAll(provider.formats()));
        return new ModelFormats(formats);
    }

    private Optional<ModelRuntime> of(ModelSource source) {
        return formats.of(source)
                .map(ModelFormats.Detected::format)
                .flatMap(format -> entries.stream()
                        .filter(entry -> entry.provider().formats().contains(format))
                        .findFirst())
                .map(Entry::runtime);
    }

    @Override
    public RunningModel start(ModelSource source) {
        return of(source)
                .orElseThrow(() -> ProblemException.refused(
                        "files",
                        "This version cannot be served: its files are of no format that is run here. That is "
                                + formats.words() + "."))
                .start(source);
    }

    @Override
    public EnvironmentInfo environment(ModelSource source) {
        return of(source)
                .map(runtime -> runtime.environment(source))
                .orElseGet(() -> new EnvironmentInfo("", EnvironmentInfo.State.NONE, "no worker runs such files"));
    }

    @Override
    public Map<String, String> releases(ModelSource source) {
        return of(source).map(runtime -> runtime.releases(source)).orElse(Map.of());
    }

    @Override
    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return of(source)
                .map(runtime -> runtime.inspect(source, limit))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    @Override
    public String nameOf(byte kind) {
        return kinds.stream()
                .filter(known -> known.number() == kind)
                .map(RuntimeKind::name)
                .findFirst()
                .orElse("");
    }

    @Override
    public Optional<ScriptEnvironments> scripts() {
        return entries.stream()
                .flatMap(entry -> entry.runtime().scripts().stream())
                .findFirst();
    }

    /** The status of each runtime, with that of the host: the isolation of processes, and their limits. */
    @Override
    public JsonNode describe() {
        ObjectNode status = Json.object();
        host.sandbox().describe().properties().forEach(entry -> status.set(entry.getKey(), entry.getValue()));
        for (Entry entry : entries) {
            entry.runtime().describe().properties().forEach(said -> status.set(said.getKey(), said.getValue()));
        }
        return status;
    }

    @Override
    public void stopLoading() {
        host.models().stopLoading();
        entries.forEach(entry -> entry.runtime().stopLoading());
    }

    /** Ends all models, then closes the runtimes, the last one first. The opener of the host closes the host. */
    @Override
    public void close() {
        host.models().close();
        RuntimeException failed = null;
        for (Entry entry : entries.reversed()) {
            try {
                entry.runtime().close();
            } catch (RuntimeException failure) {
                failed = failed == null ? failure : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
