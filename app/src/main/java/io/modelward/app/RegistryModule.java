package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.journal.Journal;
import io.modelward.registry.model.ModelNames;
import io.modelward.registry.publish.Inspector;
import io.modelward.server.api.AliasesDoor;
import io.modelward.server.api.DraftsDoor;
import io.modelward.server.api.FilesDoor;
import io.modelward.server.api.RetentionDoor;
import io.modelward.server.api.TrackingDoor;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.assembly.Storage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry: what is published, by which name, and who did it. */
final class RegistryModule extends Module {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryModule.class);

    private static final Duration FIRST_ROUND = Duration.ofHours(1);

    private final Access access;
    private final ResourcesModule resources;
    private final RetentionSettings retention;
    private @Nullable RegistryServices services;

    RegistryModule(Access access, ResourcesModule resources, Configuration configuration) {
        this.access = access;
        this.resources = resources;
        this.retention = RetentionSettings.read(configuration);
    }

    /** @param listener hears each entry of the audit log, soon after its commit */
    RegistryServices open(Storage storage, InstantSource clock, Inspector inspector, Consumer<AuditEntry> listener) {
        RegistryServices made = new RegistryServices(
                access,
                storage,
                clock,
                new SecureRandom(),
                inspector,
                resources.memory().documents(),
                resources.pools().verifiers(),
                retention.keeping());
        this.services = made;
        warnOfReservedNamespaces(storage);
        every("housekeeping", 0, TimeUnit.HOURS, () -> {
            try {
                made.garbage.runByItself();
            } catch (RuntimeException failure) {
                LOG.warn("housekeeping failed and is tried again in an hour", failure);
            }
        });
        if (retention.automatic()) {
            retain(made);
        }
        every("removals", 1, TimeUnit.MINUTES, () -> {
            try {
                made.housekeeping.removeCondemned();
            } catch (RuntimeException failure) {
                LOG.debug("removals are tried again in a minute", failure);
            }
        });
        own(made.parts);
        every("abandoned-uploads", 1, TimeUnit.MINUTES, made.parts::forgetIdle);
        every("audit-sequencer", 1, TimeUnit.SECONDS, () -> {
            try {
                made.auditSequencer.run();
            } catch (RuntimeException failure) {
                LOG.warn("audit entries wait for their place in the chain: {}", failure.toString());
            }
        });
        Journal journal = new Journal(storage.catalog(), listener);
        every("journal", 1, TimeUnit.SECONDS, () -> {
            try {
                journal.tell();
            } catch (RuntimeException failure) {
                LOG.debug("what happened is told in a second", failure);
            }
        });
        return made;
    }

    /** The first round comes after a while, so that a rule that was set wrong can be mended after a start. */
    private void retain(RegistryServices made) {
        long pause = retention.interval().toMillis();
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("retention").factory());
        own(schedule::shutdownNow);
        var _ = schedule.scheduleWithFixedDelay(
                () -> {
                    try {
                        made.retentionRounds.run();
                    } catch (RuntimeException failure) {
                        LOG.warn("the rules of retention are tried again later", failure);
                    }
                    try {
                        made.leftovers.runByItself();
                    } catch (RuntimeException failure) {
                        LOG.warn("what the settings of retention end is tried again later", failure);
                    }
                },
                Math.min(pause, FIRST_ROUND.toMillis()),
                pause,
                TimeUnit.MILLISECONDS);
    }

    private void every(String name, long first, TimeUnit unit, Runnable work) {
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        own(schedule::shutdownNow);
        var _ = schedule.scheduleWithFixedDelay(work, first, 1, unit);
    }

    private static void warnOfReservedNamespaces(Storage storage) {
        List<String> inUse = storage.catalog().read(ModelNames::reservedInUse);
        if (!inUse.isEmpty()) {
            LOG.warn(
                    "models have namespaces that are reserved for the server's own addresses: {}. They work as"
                            + " before at"
                            + " the native API; rename them, since other doors cannot reach them.",
                    String.join(", ", inUse));
        }
    }

    @Override
    void routes(HttpRoute.Table routes) {
        RegistryServices registry = Objects.requireNonNull(services);
        new FilesDoor(registry.versions, resources.pools().files()).open(routes);
        new DraftsDoor(registry.drafts, registry.publisher, resources.pools().hashers()).open(routes);
        new AliasesDoor(registry.aliases).open(routes);
        new RetentionDoor(registry.retentionRules, registry.retention, registry.leftovers, registry.garbage)
                .open(routes);
        new TrackingDoor(
                        registry.experiments,
                        registry.runs,
                        registry.runSearch,
                        registry.artifacts,
                        resources.pools().files())
                .open(routes);
    }
}
