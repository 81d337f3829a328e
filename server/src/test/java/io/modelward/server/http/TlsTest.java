package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.StartRefused;
import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {

    private static final String[] SERVERS = {"rsa", "ec"};

    @TempDir
    static Path made;

    @TempDir
    Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(made);
        certificates.make("rsa", "RSA", "CN=models.example", "-ext", "san=dns:models.example");
        certificates.make("ec", "EC", "CN=models.example", "-ext", "san=dns:models.example");
        certificates.make("ca", "EC", "CN=callers", "-ext", "bc:c");
        certificates.make("robot", "EC", "CN=robot, O=Acme", "-signer", "ca");
        certificates.make("spiffe", "EC", "CN=x", "-signer", "ca", "-ext", "san=dns:a.example,uri:spiffe://acme/train");
        certificates.make("stranger", "EC", "CN=robot, O=Acme");
    }

    private TlsFiles files(String name, Optional<Path> clientCa) throws Exception {
        return new TlsFiles(
                Certificates.write(directory.resolve("server.pem"), certificates.certificate(name)),
                Certificates.write(directory.resolve("server.key"), certificates.keyText(name)),
                clientCa);
    }

    private static HttpNetwork network(TlsFiles files) {
        return new HttpNetwork(Set.of(), Optional.of(files), Proxies.NONE, RequestLimits.NONE);
    }

    private static SSLSocket connect(NetworkServer server, SSLSocketFactory caller) throws IOException {
        return (SSLSocket) caller.createSocket(
                InetAddress.ofLiteral("127.0.0.1"), URI.create(server.address).getPort());
    }

    private static Answer who(NetworkServer server, SSLSocketFactory caller) throws IOException {
        try (RawClient client =
                RawClient.over(connect(server, caller), "GET /who HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")) {
            return Answer.of(client);
        }
    }

    private static byte[] shown(NetworkServer server) throws Exception {
        try (SSLSocket socket = connect(server, certificates.caller(null, SERVERS))) {
            socket.startHandshake();
            X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return first.getEncoded();
        }
    }

    /** Waits until the server shows this certificate, for as long as a few looks take. */
    private static boolean comesToShow(NetworkServer server, String name, int seconds) throws Exception {
        for (int tries = 0; tries < seconds * 5; tries++) {
            if (Arrays.equals(shown(server), certificates.encoded(name))) {
                return true;
            }
            Thread.sleep(200);
        }
        return false;
    }

    @Test
    void the_server_answers_over_tls_and_its_address_says_so() throws Exception {
        try (NetworkServer server = new NetworkServer(network(files("rsa", Optional.empty())))) {
            assertThat(server.address).startsWith("https://127.0.0.1:");
            Answer answer = who(server, certificates.caller(null, SERVERS));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.member("secure")).isEqualTo("true");
            assertThat(answer.member("certificate")).isEqualTo("none");
            assertThat(answer.headers()).containsEntry("strict-transport-security", "max-age=31536000");
        }
    }

    @Test
    void only_tls_1_2_and_newer_is_spoken_and_no_plain_http() throws Exception {
        try (NetworkServer server = new NetworkServer(network(files("ec", Optional.empty())))) {
            for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
                try (SSLSocket socket = connect(server, certificates.caller(null, SERVERS))) {
                    socket.setEnabledProtocols(new String[] {protocol});
                    socket.startHandshake();
                    assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                }
            }
            try (RawClient plain = RawClient.send(server.address, "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")) {
                assertThat(plain.rest()).doesNotContain("HTTP/1.1 2");
            }
        }
    }

    @Test
    void a_changed_certificate_is_taken_without_a_restart_and_half_of_one_is_not() throws Exception {
        TlsFiles files = files("rsa", Optional.empty());
        try (NetworkServer server = new NetworkServer(network(files))) {
            String pem = certificates.certificate("ec");
            Certificates.write(files.certificate(), pem.substring(0, pem.length() / 2));
            assertThat(comesToShow(server, "ec", 3)).as("half a file").isFalse();
            Certificates.write(files.certificate(), pem);
            assertThat(comesToShow(server, "ec", 3)).as("another's key").isFalse();
            assertThat(shown(server)).isEqualTo(certificates.encoded("rsa"));
            Path key = Certificates.write(directory.resolve("next"), certificates.keyText("ec"));
            Files.move(key, files.key(), StandardCopyOption.ATOMIC_MOVE);
            assertThat(comesToShow(server, "ec", 20)).as("both").isTrue();
            Files.delete(files.key());
            Thread.sleep(1500);
            assertThat(shown(server)).as("no file").isEqualTo(certificates.encoded("ec"));
        }
    }

    @Test
    void a_verified_certificate_of_a_caller_is_an_identity_and_no_other_gets_in() throws Exception {
        Path ca = Certificates.write(directory.resolve("ca.pem"), certificates.certificate("ca"));
        try (NetworkServer server = new NetworkServer(network(files("ec", Optional.of(ca))))) {
            assertThat(who(server, certificates.caller("robot", SERVERS)).member("certificate"))
                    .isEqualTo("CN=robot,O=Acme");
            assertThat(who(server, certificates.caller("spiffe", SERVERS)).member("certificate"))
                    .isEqualTo("spiffe://acme/train");
            assertThat(who(server, certificates.caller(null, SERVERS)).member("certificate"))
                    .isEqualTo("none");
            assertThatThrownBy(() -> {
                        // A caller that shows its certificate whatever issuers the server names.
                        SSLSocketFactory caller = certificates.insistent("stranger", SERVERS);
                        who(server, caller);
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_handshake_that_does_not_end_is_cut_and_one_that_did_may_be_idle() throws Exception {
        try (NetworkServer server = new NetworkServer(network(files("ec", Optional.empty())));
                RawClient slow = RawClient.send(server.address, "\u0016\u0003\u0001");
                SSLSocket idle = connect(server, certificates.caller(null, SERVERS))) {
            idle.startHandshake();
            assertThat(who(server, certificates.caller(null, SERVERS)).status()).isEqualTo(200);
            // The last message of the handshake is on its way.
            Thread.sleep(500);
            server.look(6);
            assertThat(slow.rest()).isEmpty();
            try (RawClient later = RawClient.over(idle, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                assertThat(Answer.of(later).status()).isEqualTo(204);
            }
        }
    }

    @Test
    void keys_are_read_in_the_forms_that_openssl_writes() throws Exception {
        for (String name : SERVERS) {
            X509Certificate owner =
                    Pem.certificates(bytes(certificates.certificate(name))).getFirst();
            byte[] pkcs8 = certificates.key(name).getEncoded();
            // What stands behind the name of the algorithm: the older form.
            byte[] inner = Arrays.copyOfRange(pkcs8, name.equals("rsa") ? 26 : innerOfEc(pkcs8), pkcs8.length);
            String older = Certificates.pem(name.equals("rsa") ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", inner);
            assertThat(Pem.key(bytes(certificates.keyText(name)), owner.getPublicKey()))
                    .isEqualTo(certificates.key(name));
            assertThat(Pem.key(bytes(older), owner.getPublicKey())).isEqualTo(certificates.key(name));
        }
    }

    private static int innerOfEc(byte[] pkcs8) {
        int at = 2 + ((pkcs8[1] & 0x80) == 0 ? 0 : pkcs8[1] & 0x7f) + 3;
        int behind = at + 2 + pkcs8[at + 1];
        return behind + 2 + ((pkcs8[behind + 1] & 0x80) == 0 ? 0 : pkcs8[behind + 1] & 0x7f);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void files_that_cannot_be_used_stop_the_start_with_the_setting_that_names_them() throws Exception {
        TlsFiles good = files("rsa", Optional.empty());
        String key = Files.readString(good.key());
        assertThat(refusal(new TlsFiles(directory.resolve("none"), good.key(), Optional.empty())))
                .startsWith("tls.certificate names ");
        Certificates.write(good.key(), certificates.keyText("ec"));
        assertThat(refusal(good)).isEqualTo("tls.key does not belong to the first certificate, or cannot be read.");
        Certificates.write(good.key(), key.replace("PRIVATE", "ENCRYPTED PRIVATE"));
        assertThat(refusal(good)).startsWith("tls.key is encrypted; ").contains("openssl pkey");
        Certificates.write(good.key(), "hello");
        assertThat(refusal(good)).startsWith("tls.key holds no private key");
        Certificates.write(good.key(), key);
        Certificates.write(good.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThat(refusal(good)).startsWith("tls.certificate holds a certificate that cannot be read");
        TlsFiles withCa = new TlsFiles(
                files("rsa", Optional.empty()).certificate(),
                good.key(),
                Optional.of(Certificates.write(directory.resolve("ca.pem"), "nothing")));
        assertThat(refusal(withCa)).startsWith("tls.client-ca holds no certificate");
    }

    private static String refusal(TlsFiles files) {
        try {
            files.required();
        } catch (StartRefused refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("not refused");
    }
}
