package io.modelward.access.oidc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates a provider may show: those that Java trusts, and those of an authority of one's own. */
final class ProviderTrust {

    private ProviderTrust() {}

    /**
     * Trusts these authorities as well.
     *
     * @param file certificates in PEM
     * @throws IOException when it has none; the message says what is wrong
     */
    static SSLContext with(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> own =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (own.isEmpty()) {
                throw new IOException("it has no certificate");
            }
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(null, null);
            int number = 0;
            for (TrustManager manager : managers(null)) {
                if (manager instanceof X509TrustManager usual) {
                    for (Certificate authority : usual.getAcceptedIssuers()) {
                        all.setCertificateEntry("usual-" + number++, authority);
                    }
                }
            }
            for (Certificate authority : own) {
                all.setCertificateEntry("own-" + number++, authority);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(all), null);
            return context;
        } catch (GeneralSecurityException malformed) {
            throw new IOException("it is no file of certificates in PEM");
        } catch (FileSystemException unreadable) {
            throw new IOException("it cannot be read");
        }
    }

    /** @param authorities null: those that Java trusts */
    private static TrustManager[] managers(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }
}
