package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Certificates that the JDK's keytool makes, with their keys, as PEM. */
final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path file;

    Certificates(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("keys.p12");
    }

    /** A certificate of this name and subject; options of keytool may follow. */
    void make(String name, String algorithm, String subject, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-keyalg",
                algorithm,
                "-dname",
                subject));
        command.addAll(Arrays.asList(options));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(directory.resolve("keytool.log")))
                .isZero();
    }

    private KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    String certificate(String name) throws Exception {
        return pem("CERTIFICATE", store().getCertificate(name).getEncoded());
    }

    byte[] encoded(String name) throws Exception {
        return store().getCertificate(name).getEncoded();
    }

    PrivateKey key(String name) throws Exception {
        return (PrivateKey) store().getKey(name, PASSWORD.toCharArray());
    }

    String keyText(String name) throws Exception {
        return pem("PRIVATE KEY", key(name).getEncoded());
    }

    static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    static Path write(Path file, String text) throws IOException {
        return Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sockets of a caller who shows a certificate also to a server that does not ask for one of its issuer. */
    SSLSocketFactory insistent(String own, String... trusted) throws Exception {
        KeyStore store = store();
        X509Certificate[] chain = {(X509Certificate) store.getCertificate(own)};
        PrivateKey key = key(own);
        X509ExtendedKeyManager manager = new X509ExtendedKeyManager() {
            @Override
            public String[] getClientAliases(String type, Principal[] issuers) {
                return new String[] {own};
            }

            @Override
            public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
                return own;
            }

            @Override
            public String[] getServerAliases(String type, Principal[] issuers) {
                return new String[0];
            }

            @Override
            public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
                return null;
            }

            @Override
            public X509Certificate[] getCertificateChain(String alias) {
                return chain;
            }

            @Override
            public PrivateKey getPrivateKey(String alias) {
                return key;
            }
        };
        return sockets(new KeyManager[] {manager}, trusted);
    }

    /** Sockets of a caller who trusts these certificates, and who shows one of its own unless it is null. */
    SSLSocketFactory caller(@Nullable String own, String... trusted) throws Exception {
        KeyStore store = store();
        KeyManager[] keys = new KeyManager[0];
        if (own != null) {
            KeyStore mine = KeyStore.getInstance("PKCS12");
            mine.load(null, null);
            mine.setKeyEntry(own, key(own), new char[0], store.getCertificateChain(own));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(mine, new char[0]);
            keys = factory.getKeyManagers();
        }
        return sockets(keys, trusted);
    }

    private SSLSocketFactory sockets(KeyManager[] keys, String... trusted) throws Exception {
        KeyStore store = store();
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (String name : trusted) {
            trust.setCertificateEntry(name, store.getCertificate(name));
        }
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trusting.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
