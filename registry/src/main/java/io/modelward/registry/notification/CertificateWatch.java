package io.modelward.registry.notification;

import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.store.catalog.Catalog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells once a day that the certificate of the server ends, from 14 days before. */
public final class CertificateWatch {

    private static final Duration BEFORE = Duration.ofDays(14);
    private static final Duration AGAIN = Duration.ofDays(1);

    private final Catalog catalog;
    private final Supplier<Optional<Instant>> end;
    private final InstantSource clock;
    private @Nullable Instant told;

    /** @param end of the certificate that new connections get; empty when there is none */
    public CertificateWatch(Catalog catalog, Supplier<Optional<Instant>> end, InstantSource clock) {
        this.catalog = catalog;
        this.end = end;
        this.clock = clock;
    }

    /** One look, by one thread at a time. */
    public synchronized void look() {
        Optional<Instant> until = end.get();
        Instant now = clock.instant();
        if (until.isEmpty() || now.isBefore(until.get().minus(BEFORE))) {
            told = null;
            return;
        }
        if (told != null && now.isBefore(told.plus(AGAIN))) {
            return;
        }
        boolean over = !now.isBefore(until.get());
        long days = Duration.between(now, until.get()).toDays();
        Notices.put(
                catalog,
                Notice.of(
                                NotificationEvent.CERTIFICATE_ENDING,
                                "certificate",
                                over
                                        ? "The certificate of the server has ended"
                                        : "The certificate of the server ends in " + days
                                                + (days == 1 ? " day" : " days"),
                                "Put a new one into the files of tls.certificate and tls.key; the server takes it"
                                        + " without a restart.",
                                now,
                                "/ui/status")
                        .fact("Valid until", until.get().toString()));
        told = now;
    }
}
