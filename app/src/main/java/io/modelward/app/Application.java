package io.modelward.app;

import io.modelward.cli.Release;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.gateway.rollout.RolloutOutcomes;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.backup.BackupService;
import io.modelward.registry.backup.BackupSource;
import io.modelward.registry.channel.ChannelService;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.server.api.AuditCounters;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.assembly.Storage;
import io.modelward.store.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Optional<String> bootstrap;

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
        try {
            AccessModule who = add(new AccessModule(configuration, authorizer));
            Access access = who.access();
            LogInModule logIns = add(new LogInModule(configuration, who.on()));
            ResourcesModule resources = add(new ResourcesModule());
            MetricsModule metrics = add(new MetricsModule(access, resources));
            StorageModule storages = add(new StorageModule(configuration, environment));
            runtimes = add(new RuntimeModule(configuration));
            RegistryModule registries = add(new RegistryModule(access, resources, configuration));
            ServingModule servings = add(new ServingModule(who, resources, metrics));
            WebhookModule webhooks = add(new WebhookModule(access, configuration));
            JobsModule jobs = add(new JobsModule(who, resources, configuration));
            NotificationModule notifications = add(new NotificationModule(access, configuration));
            BackupModule backups = add(new BackupModule(access, configuration));
            MlflowModule mlflow = add(new MlflowModule(resources));
            PagesModule pages = add(new PagesModule(access, resources));
            HttpModule http = add(new HttpModule(configuration, who.on(), resources, metrics));
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
            AuditCounters counters = new AuditCounters(metrics.meters());
            RegistryServices registry = registries.open(storage, clock, runtimes.inspector(storage), entry -> {
                outcomes.count(entry);
                counters.count(entry);
            });
            servings.open(storage, registry, runtime, runtimes::tell, clock);
            who.open(storage, clock, servings::modelsOf);
            bootstrap = who.bootstrap();
            logIns.open(who.logIns(), who::authenticator, clock);
            WebhookService webhookService = webhooks.open(storage.catalog(), storages.secrets(), clock);
            jobs.open(
                    new JobsModule.Parts(storage, registry, servings.services(), runtimes.jobs(), storages.secrets()),
                    storages.directory().resolve("job-logs"),
                    this::address,
                    clock);
            ChannelService channels = notifications.open(
                    new NotificationModule.Parts(
                            storage.catalog(), storages.secrets(), webhooks.sender(), storages.directory()),
                    http::certificateEnd,
                    clock);
            BackupService backupService = backups.open(
                    new BackupSource(
                            new LocalDisk(storage.failpoints()),
                            storage,
                            storages.directory(),
                            storages.isCatalogInside(),
                            registry.housekeeping,
                            RELEASE),
                    clock);
            mlflow.open(registry, webhookService);
            pages.open(
                    registry,
                    servings.services(),
                    new PagesModule.Parts(
                            who, webhookService, channels, backupService, jobs.services(), servings.startedAt()),
                    clock);
            for (Module module : List.of(
                    who,
                    logIns,
                    resources,
                    metrics,
                    storages,
                    runtimes,
                    registries,
                    servings,
                    webhooks,
                    jobs,
                    notifications,
                    backups,
                    mlflow,
                    pages,
                    http)) {
                module.routes(routes);
                module.measure(metrics.meters());
            }
            address = http.open(routes, jobs.authenticator(logIns.authenticator()), access);
            jobs.start();
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
        try (AccessModule who = new AccessModule(configuration, Authorizer.EVERYONE);
                LogInModule logIns = new LogInModule(configuration, who.on());
                ResourcesModule resources = new ResourcesModule();
                MetricsModule metrics = new MetricsModule(who.access(), resources);
                StorageModule storage = new StorageModule(configuration, Map.of());
                RuntimeModule runtime = new RuntimeModule(configuration);
                RegistryModule registry = new RegistryModule(who.access(), resources, configuration);
                WebhookModule webhooks = new WebhookModule(who.access(), configuration);
                JobsModule jobs = new JobsModule(who, resources, configuration);
                NotificationModule notifications = new NotificationModule(who.access(), configuration);
                BackupModule backups = new BackupModule(who.access(), configuration);
                HttpModule http = new HttpModule(configuration, who.on(), resources, metrics)) {
            List.of(logIns, storage, runtime, registry, webhooks, jobs, notifications, backups, http)
                    .forEach(module -> LOG.debug("{} has its settings", module));
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

    /** The text of the first administrator's token, when this start made it; it is kept nowhere. */
    public Optional<String> bootstrap() {
        return bootstrap;
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
