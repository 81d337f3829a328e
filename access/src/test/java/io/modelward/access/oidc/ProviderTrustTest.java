package io.modelward.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers over https, with a certificate that only this company trusts. */
class ProviderTrustTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    private HttpsServer server;

    @BeforeEach
    void open() throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "tls",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "tls",
                "-file",
                directory.resolve("ca.pem").toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void keytool(String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        builder.command().addAll(List.of(words));
        builder.command()
                .addAll(List.of(
                        "-keystore", directory.resolve("keys.p12").toString(), "-storepass", new String(PASSWORD)));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private URI url(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/keys");
    }

    private static ProviderHttp http(Optional<SSLContext> trust) {
        return new ProviderHttp(Duration.ofSeconds(5), trust);
    }

    @Test
    void a_certificate_counts_when_its_authority_is_in_the_file_and_it_is_for_that_host() throws Exception {
        try (ProviderHttp usual = http(Optional.empty());
                ProviderHttp own = http(Optional.of(ProviderTrust.with(directory.resolve("ca.pem"))))) {
            assertThatThrownBy(() -> usual.get(url("localhost"), true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("localhost cannot be reached or answers wrongly");
            assertThat(own.get(url("localhost"), true).isObject()).isTrue();
            assertThatThrownBy(() -> own.get(url("127.0.0.1"), true)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_file_without_certificates_stops_the_start() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path odd = Files.writeString(directory.resolve("odd.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        for (Path file : List.of(empty, odd, directory.resolve("none.pem"))) {
            LogInSettings settings = LogInSettings.read(new Configuration(Map.of("access.ca-file", file.toString())));
            assertThatThrownBy(() -> new IdentityProviders(settings, InstantSource.system()))
                    .as(file.toString())
                    .isInstanceOf(StartRefused.class)
                    .hasMessageStartingWith("access.ca-file: ");
        }
    }
}
