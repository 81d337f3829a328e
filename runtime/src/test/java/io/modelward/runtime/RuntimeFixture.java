package io.modelward.runtime;

import io.modelward.runtime.host.RuntimeHost;
import io.modelward.runtime.host.RuntimeProvider;
import io.modelward.runtime.host.Runtimes;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** Runtimes as a server opens them, with all that they share. */
public final class RuntimeFixture implements AutoCloseable {

    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final TemporaryFolder temporary = TemporaryFolder.open();
    private final RuntimeHost host;
    private final Runtimes runtimes;

    public RuntimeFixture(RuntimeSettings settings, Map<RuntimeProvider, RuntimeProvider.Opening> providers) {
        this.host = RuntimeHost.open(
                settings, completions, temporary, temporary.path().resolve("forms"));
        this.runtimes = new Runtimes(host, List.of(), providers);
    }

    public RuntimeHost host() {
        return host;
    }

    public Runtimes runtimes() {
        return runtimes;
    }

    public RunningModel start(ModelSource source) {
        return runtimes.start(source);
    }

    public JsonNode describe() {
        return runtimes.describe();
    }

    public EnvironmentInfo environment(ModelSource source) {
        return runtimes.environment(source);
    }

    public Map<String, String> releases(ModelSource source) {
        return runtimes.releases(source);
    }

    public CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit) {
        return runtimes.inspect(source, limit);
    }

    public int running() {
        return host.models().running();
    }

    public Path workerDirectory() {
        return host.sandbox().directories().root();
    }

    public List<Integer> workerUsers() {
        return host.sandbox().isolation().allUsers();
    }

    @Override
    public void close() {
        runtimes.close();
        host.close();
        completions.shutdown();
        try {
            temporary.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
