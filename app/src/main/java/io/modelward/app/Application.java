package io.modelward.app;

import io.modelward.cli.Release;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.gateway.rollout.RolloutOutcomes;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.assembly.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server, put together from its modules. All of them read their settings before the first one is opened. They are
 * opened in the order in which they need one another, and closed in the opposite order, also when the start fails
 * half-way.
 */
public final class Application implements AutoCloseable {

    public static final String RELEASE = Release.VERSION;
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HttpRoute.Table routes = new HttpRoute.Table();
    private final RuntimeModule runtimes;
    private final Path directory;
    private final String address;

    /**
     * Starts everything; when it returns, requests are served.
     *
     * @param environment the variables of the process
     * @throws StartRefused with a sentence for the operator
     */
    public Application(Configuration configuration, Map<String, String> environment) throws IOException {
        this(configuration, environment, Authorizer.EVERYONE);
    }

    /** As above, with another say in who may do what. */
    Application(Configuration configuration, Map<String, String> environment, Authorizer authorizer)
            throws IOException {
        Access access = new Access(authorizer);
        try {
            ResourcesModule resources = add(new ResourcesModule());
            MetricsModule metrics = add(new MetricsModule(access, resources));
            StorageModule storages = add(new StorageModule(configuration, environment));
            runtimes = add(new RuntimeModule(configuration));
            RegistryModule registries = add(new RegistryModule(access, resources));
            ServingModule servings = add(new ServingModule(access, resources, metrics));
            WebhookModule webhooks = add(new WebhookModule(access, configuration));
            MlflowModule mlflow = add(new MlflowModule(resources));
            HttpModule http = add(new HttpModule(configuration, resources, metrics));
            LogSettings.read(configuration);
            configuration.requireAllKnown();

            InstantSource clock = InstantSource.system();
            // Before anything is made: whoever asks for a port that is taken finds nothing new.
            http.bind();
            TemporaryFolder temporary = temporaryFolder();
            // Closed last, after all that has its files there.
            opened.addLast(temporary);
            directory = storages.directory();
            Storage storage = storages.open(clock);
            runtimes.open(
                    resources.pools().completions(),
                    temporary,
                    storages.directory().resolve("forms"));
            ModelRuntime runtime = runtimes.runtime();
            RolloutOutcomes outcomes = new RolloutOutcomes(metrics.meters());
            RegistryServices registry = registries.open(storage, clock, runtimes.inspector(storage), outcomes::count);
            servings.open(storage, registry, runtime, runtimes::tell, clock);
            WebhookService webhookService = webhooks.open(storage.catalog(), storages.secrets(), clock);
            mlflow.open(registry, webhookService);
            for (Module module :
                    List.of(resources, metrics, storages, runtimes, registries, servings, webhooks, mlflow, http)) {
                module.routes(routes);
                module.measure(metrics.meters());
            }
            address = http.open(routes);
            // Closed first: a stop waits for requests, and some wait for a model.
            opened.push(runtime::stopLoading);
        } catch (IOException | RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /**
     * Reads all settings and opens nothing.
     *
     * @throws StartRefused when one is wrong or unknown
     */
    static void check(Configuration configuration) {
        Access access = new Access(Authorizer.EVERYONE);
        try (ResourcesModule resources = new ResourcesModule();
                MetricsModule metrics = new MetricsModule(access, resources);
                StorageModule storage = new StorageModule(configuration, Map.of());
                RuntimeModule runtime = new RuntimeModule(configuration);
                WebhookModule webhooks = new WebhookModule(access, configuration);
                HttpModule http = new HttpModule(configuration, resources, metrics)) {
            List.of(storage, runtime, webhooks, http).forEach(module -> LOG.debug("{} has its settings", module));
            LogSettings.read(configuration);
            configuration.requireAllKnown();
        }
    }

    /** The place for what is written for as long as the server lives, also by the driver of SQLite. */
    static TemporaryFolder temporaryFolder() throws IOException {
        TemporaryFolder temporary = TemporaryFolder.open();
        System.setProperty("org.sqlite.tmpdir", temporary.folder("sqlite").toString());
        return temporary;
    }

    private <M extends Module> M add(M module) {
        opened.push(module);
        return module;
    }

    /** Every way in. */
    public List<HttpRoute> routes() {
        return routes.routes();
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080}. */
    public String address() {
        return address;
    }

    /** Where the files are. */
    public Path directory() {
        return directory;
    }

    /** How workers are kept apart, in words. */
    public String isolation() {
        return runtimes.isolation();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                LOG.warn("a part of the server did not close cleanly", failure);
            }
        }
    }
}
