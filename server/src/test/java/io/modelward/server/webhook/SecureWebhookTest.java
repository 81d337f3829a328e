package io.modelward.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(60)
@ResourceLock("threads of HttpWebhookSender")
class SecureWebhookTest {

    private static final Outcome UNTRUSTED = new Outcome.Failed(
            "No secure connection: the receiver's certificate is not trusted, or is for another name.", true);

    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void certificate() throws Exception {
        context = SelfSigned.context("hooks.example", directory);
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
