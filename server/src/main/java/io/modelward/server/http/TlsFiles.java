package io.modelward.server.http;

import io.modelward.core.problem.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The files, in PEM, that the server proves itself with and knows its callers by.
 *
 * @param certificate the server's certificate, then those that lead from it to a root
 * @param key the key of the first certificate, not encrypted
 * @param clientCa who issues certificates for callers; a caller without a certificate is served too
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {

    private static final int MOST_BYTES = 1 << 20;
    private static final char[] NO_PASSWORD = new char[0];

    /** What the files held at one moment. */
    record Content(byte[] certificate, byte[] key, byte[] clientCa) {

        boolean same(@Nullable Content other) {
            return other != null
                    && Arrays.equals(certificate, other.certificate)
                    && Arrays.equals(key, other.key)
                    && Arrays.equals(clientCa, other.clientCa);
        }
    }

    /** What a TLS context is made of. */
    record Stores(KeyStore identity, @Nullable KeyStore issuers, X509Certificate leaf) {

        void into(SslContextFactory factory) {
            factory.setKeyStore(identity);
            factory.setTrustStore(issuers);
        }
    }

    /** Reads the files. */
    Content read() throws IOException {
        return new Content(bytes(certificate), bytes(key), clientCa.isPresent() ? bytes(clientCa.get()) : new byte[0]);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES);
        }
    }

    /** @throws Pem.Malformed with a sentence that begins with the setting */
    Stores stores(Content content) throws Pem.Malformed {
        List<X509Certificate> chain;
        PrivateKey own;
        try {
            chain = Pem.certificates(content.certificate());
        } catch (Pem.Malformed malformed) {
            throw new Pem.Malformed("tls.certificate " + malformed.getMessage() + ".");
        }
        try {
            own = Pem.key(content.key(), chain.getFirst().getPublicKey());
        } catch (Pem.Malformed malformed) {
            throw new Pem.Malformed("tls.key " + malformed.getMessage() + ".");
        }
        try {
            KeyStore identity = empty();
            identity.setKeyEntry("server", own, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            return new Stores(identity, clientCa.isPresent() ? issuers(content.clientCa()) : null, chain.getFirst());
        } catch (GeneralSecurityException | IOException refused) {
            throw new Pem.Malformed("tls.certificate and tls.key cannot be used together: " + refused.getMessage());
        }
    }

    private static KeyStore issuers(byte[] text) throws Pem.Malformed, GeneralSecurityException, IOException {
        KeyStore issuers = empty();
        try {
            for (X509Certificate issuer : Pem.certificates(text)) {
                issuers.setCertificateEntry("issuer-" + issuers.size(), issuer);
            }
        } catch (Pem.Malformed malformed) {
            throw new Pem.Malformed("tls.client-ca " + malformed.getMessage() + ".");
        }
        return issuers;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** @throws StartRefused when the files cannot be read or used, with a sentence that says which one */
    Content required() {
        requireReadable("tls.certificate", certificate);
        requireReadable("tls.key", key);
        clientCa.ifPresent(file -> requireReadable("tls.client-ca", file));
        try {
            Content content = read();
            var _ = stores(content);
            return content;
        } catch (IOException unreadable) {
            throw new StartRefused("The files of tls.certificate and tls.key cannot be read: " + unreadable + ".");
        } catch (Pem.Malformed malformed) {
            throw new StartRefused(String.valueOf(malformed.getMessage()));
        }
    }

    private static void requireReadable(String setting, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new StartRefused(setting + " names " + file + ", which is no file that the server can read.");
        }
    }
}
