package io.modelward.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecureWebhookTest {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Outcome UNTRUSTED = new Outcome.Failed(
            "No secure connection: the receiver's certificate is not trusted, or is for another name.", true);

    @TempDir
    static Path directory;

    private static SSLContext context;

    /** A certificate for hooks.example that its own store trusts. */
    @BeforeAll
    static void certificate() throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hooks.example",
                        "-ext",
                        "san=dns:hooks.example")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("hooks", store.getCertificate("mykey"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    private static Outcome post(String host, SSLSocketFactory tls) throws Exception {
        ServerSocket socket =
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Destinations here = new Destinations(name -> new InetAddress[] {InetAddress.getLoopbackAddress()}, true);
        try (SocketReceiver receiver = new SocketReceiver(socket);
                HttpWebhookSender sender = new HttpWebhookSender(here, tls, Duration.ofSeconds(20))) {
            receiver.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            return sender.post(
                    WebhookUrl.parse("https://" + host + ":" + receiver.port() + "/"), Map.of(), new byte[] {'x'});
        }
    }

    @Test
    void the_certificate_is_the_urls_hosts_though_the_address_is_connected_to() throws Exception {
        assertThat(post("hooks.example", context.getSocketFactory()))
                .isEqualTo(new Outcome.Answered(200, "ok", OptionalLong.empty()));
    }

    @Test
    void a_certificate_of_another_name_is_refused() throws Exception {
        assertThat(post("other.example", context.getSocketFactory())).isEqualTo(UNTRUSTED);
        assertThat(post("127.0.0.1", context.getSocketFactory())).isEqualTo(UNTRUSTED);
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
        assertThat(post("hooks.example", (SSLSocketFactory) SSLSocketFactory.getDefault()))
                .isEqualTo(UNTRUSTED);
    }
}
