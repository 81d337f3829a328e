package io.modelward.server.http;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections are secured with: TLS 1.2 or newer, with the ciphers of the JDK that Jetty lets through. The
 * files are looked at each second. What they hold is taken when two looks in a row found the same, so that a file that
 * is being written and a certificate whose key comes a moment later are not judged. Files that cannot be used change
 * nothing, and are told once.
 */
final class TlsContext {

    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);
    private static final long LOOK_MILLIS = 1_000;

    private final TlsFiles files;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private TlsFiles.Content taken;
    private TlsFiles.@Nullable Content seen;
    private boolean told;
    private volatile Instant end;

    /** @throws io.modelward.core.problem.StartRefused when the files cannot be used */
    TlsContext(TlsFiles files) {
        this.files = files;
        this.taken = files.required();
        try {
            TlsFiles.Stores stores = files.stores(taken);
            stores.into(factory);
            end = stores.leaf().getNotAfter().toInstant();
            warnOfDates(stores.leaf());
        } catch (Pem.Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
        factory.setKeyStorePassword("");
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setRenegotiationAllowed(false);
        // A caller may use an address, or a name that the certificate has not: the caller checks names, not the server.
        factory.setSniRequired(false);
        factory.setEndpointIdentificationAlgorithm(null);
        factory.setWantClientAuth(files.clientCa().isPresent());
    }

    SslContextFactory.Server factory() {
        return factory;
    }

    /** When the certificate that new connections get ends. */
    Instant end() {
        return end;
    }

    /** Begins to look; ends with the scheduler. */
    void watch(Scheduler scheduler) {
        scheduler.schedule(
                // A disk that does not answer holds up nothing but this.
                () -> Thread.startVirtualThread(() -> {
                    look();
                    watch(scheduler);
                }),
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** One look, by one thread at a time. */
    synchronized void look() {
        try {
            TlsFiles.Content now = files.read();
            if (now.same(taken)) {
                seen = null;
                told = false;
                return;
            }
            if (!now.same(seen)) {
                seen = now;
                told = false;
                return;
            }
            if (!told) {
                take(now);
            }
        } catch (IOException unreadable) {
            tell("a file of them cannot be read");
        }
    }

    private void take(TlsFiles.Content now) {
        try {
            TlsFiles.Stores stores = files.stores(now);
            factory.reload(stores::into);
            taken = now;
            seen = null;
            end = stores.leaf().getNotAfter().toInstant();
            warnOfDates(stores.leaf());
            LOG.info(
                    "the TLS certificate was read again; new connections get the one that is valid until {}",
                    stores.leaf().getNotAfter().toInstant());
        } catch (Pem.Malformed malformed) {
            tell(String.valueOf(malformed.getMessage()));
        } catch (Exception refused) {
            tell(refused.toString());
        }
    }

    private void tell(String why) {
        if (!told) {
            LOG.warn("the TLS files have changed and cannot be used, so the ones before stay in use: {}", why);
            told = true;
        }
    }

    private static void warnOfDates(X509Certificate leaf) {
        try {
            leaf.checkValidity();
        } catch (CertificateException notNow) {
            LOG.warn(
                    "the TLS certificate is valid from {} to {} only, so callers will refuse it",
                    leaf.getNotBefore().toInstant(),
                    leaf.getNotAfter().toInstant());
        }
    }
}
