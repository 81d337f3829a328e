package io.modelward.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.channel.ChannelService;
import io.modelward.registry.channel.DeliveryCounts;
import io.modelward.registry.channel.MailSender;
import io.modelward.registry.channel.MessageDispatcher;
import io.modelward.registry.notification.CertificateWatch;
import io.modelward.registry.notification.DiskWatch;
import io.modelward.registry.webhook.DispatchThreads;
import io.modelward.registry.webhook.WebhookSender;
import io.modelward.server.api.NotificationsDoor;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.mail.MailSettings;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifications: the channels, what sends to them, and the watches over the disk and the certificate. */
final class NotificationModule extends Module {

    private static final Logger LOG = LoggerFactory.getLogger(NotificationModule.class);

    private final Access access;
    private final MailSettings settings;
    private final DeliveryCounts counts = new DeliveryCounts();
    private @Nullable ChannelService service;

    NotificationModule(Access access, Configuration configuration) {
        this.access = access;
        this.settings = MailSettings.read(configuration);
    }

    /** What the module needs of others. */
    record Parts(Catalog catalog, SecretBox secrets, WebhookSender webhooks, Path directory) {}

    /**
     * Starts sending.
     *
     * @param certificate when the certificate of the server ends
     */
    ChannelService open(Parts parts, Supplier<Optional<Instant>> certificate, InstantSource clock) {
        MailSender mails = own(settings.open());
        SecureRandom random = new SecureRandom();
        own(new DispatchThreads(
                "notification",
                executor -> new MessageDispatcher(
                        parts.catalog(),
                        parts.webhooks(),
                        mails,
                        parts.secrets(),
                        settings.address(),
                        clock,
                        random,
                        counts,
                        executor)));
        watch(
                new DiskWatch(parts.catalog(), DiskWatch.Gauge.of(parts.directory()), clock),
                new CertificateWatch(parts.catalog(), certificate, clock));
        ChannelService made = new ChannelService(
                access, parts.catalog(), parts.webhooks(), mails, parts.secrets(), settings.address(), clock, random);
        this.service = made;
        return made;
    }

    private void watch(DiskWatch disk, CertificateWatch certificate) {
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("notification-watch").factory());
        own(schedule::shutdownNow);
        var _ = schedule.scheduleWithFixedDelay(
                () -> {
                    try {
                        disk.look();
                        certificate.look();
                    } catch (IOException | RuntimeException failure) {
                        LOG.debug("disk and certificate are looked at again in a minute", failure);
                    }
                },
                0,
                1,
                TimeUnit.MINUTES);
    }

    @Override
    void measure(MeterRegistry meters) {
        FunctionCounter.builder("modelward.notifications", counts, DeliveryCounts::delivered)
                .description("Messages to channels that ended, by outcome")
                .tag("outcome", "delivered")
                .register(meters);
        FunctionCounter.builder("modelward.notifications", counts, DeliveryCounts::givenUp)
                .description("Messages to channels that ended, by outcome")
                .tag("outcome", "given-up")
                .register(meters);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        new NotificationsDoor(Objects.requireNonNull(service)).open(routes);
    }
}
