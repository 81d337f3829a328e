package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelward.core.problem.StartRefused;
import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose word is taken for who calls. */
@Timeout(60)
class ProxiesTest {

    private static final String HERE = "Host: 127.0.0.1";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "X-Forwarded-For: 203.0.113.9 | 203.0.113.9",
                "X-Forwarded-For: 6.6.6.6, 203.0.113.9 | 203.0.113.9",
                "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.2.3 | 203.0.113.9",
                "X-Forwarded-For: 10.1.2.3, 10.1.2.4 | 10.1.2.3",
                "X-Forwarded-For: 6.6.6.6, unknown, 10.1.2.4 | 10.1.2.4",
                "X-Forwarded-For: 203.0.113.9:4711 | 203.0.113.9",
                "X-Forwarded-For: [2001:DB8::0:1]:4711 | 2001:db8::1",
                "X-Forwarded-For: ::ffff:203.0.113.9 | 203.0.113.9",
                "X-Forwarded-For: evil.example | none",
                "X-Forwarded-For: 1 | none",
                "X-Forwarded-For:  | none",
                "Forwarded: for=203.0.113.9 | none"
            })
    void the_last_address_that_is_no_proxys_is_the_callers(String header, String expected) {
        Proxies proxies = Proxies.of("10.0.0.0/8, 2001:db8:9::/48", "x-forwarded");
        assertThat(text(proxies.word(fields(header)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "for=203.0.113.9;proto=https;host=models.example | 203.0.113.9 | true | models.example",
                "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17 | false | none",
                "for=6.6.6.6;host=evil.example, for=203.0.113.9;host=\"models.example:443\" | 203.0.113.9 | false |"
                        + " models.example:443",
                "for=203.0.113.9, for=10.0.0.9 | 203.0.113.9 | false | none",
                "for=_hidden | none | false | none",
                "nonsense | none | false | none"
            })
    void the_header_of_rfc_7239_is_read_where_the_settings_say_so(
            String value, String address, boolean secure, String host) {
        Proxies.Word word = Proxies.of("10.0.0.0/8", "forwarded").word(fields("Forwarded: " + value));
        assertThat(text(word)).isEqualTo(address);
        assertThat(word.secure()).isEqualTo(secure);
        assertThat(word.host()).isEqualTo(host);
    }

    private static String text(Proxies.Word word) {
        return word.address() == null ? null : AddressRange.canonical(word.address());
    }

    private static HttpFields fields(String header) {
        String[] parts = header.split(":", 2);
        return HttpFields.build().add(parts[0], parts[1].strip());
    }

    @Test
    void a_range_holds_the_addresses_that_begin_with_its_bits() throws Exception {
        AddressRange range = AddressRange.parse("10.1.128.0/17").orElseThrow();
        assertThat(range.contains(InetAddress.ofLiteral("10.1.128.0"))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral("10.1.255.255"))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral("10.1.127.255"))).isFalse();
        assertThat(range.contains(InetAddress.ofLiteral("10.2.128.0"))).isFalse();
        assertThat(range.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(AddressRange.parse("0.0.0.0/0").orElseThrow().contains(InetAddress.ofLiteral("9.9.9.9")))
                .isTrue();
        for (String wrong : List.of("10.0.0.0/33", "10.0.0", "localhost", "::/129", "10.0.0.0/-1", "300.1.1.1", "")) {
            assertThat(AddressRange.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void an_address_is_written_in_one_form() {
        for (String[] pair : new String[][] {
            {"2001:DB8:0:0:0:0:2:1", "2001:db8::2:1"},
            {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
            {"0:0:0:0:0:0:0:0", "::"},
            {"fe80:0:0:0:1:0:0:1", "fe80::1:0:0:1"},
            {"1:0:0:0:0:0:0:0", "1::"},
            {"::ffff:1.2.3.4", "1.2.3.4"}
        }) {
            assertThat(AddressRange.canonical(InetAddress.ofLiteral(pair[0]))).isEqualTo(pair[1]);
        }
    }

    @Test
    void settings_that_are_no_addresses_stop_the_start() {
        assertThatThrownBy(() -> Proxies.of("proxy.example", "x-forwarded"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("server.proxies");
        assertThatThrownBy(() -> Proxies.of("10.0.0.1", "both"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("server.proxy-headers");
    }

    @Test
    void a_believed_proxy_says_who_called_how_and_by_which_name() throws IOException {
        try (NetworkServer server = new NetworkServer(NetworkServer.behind("127.0.0.0/8", "x-forwarded"))) {
            Answer answer = server.get(
                    "/who",
                    "Host: backend",
                    "X-Forwarded-For: 2001:db8:1:2:3::4",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: models.example");
            assertThat(answer.member("address")).isEqualTo("2001:db8:1:2:3::4");
            assertThat(answer.member("network")).isEqualTo("2001:db8:1:2::/64");
            assertThat(answer.member("secure")).isEqualTo("true");
            assertThat(answer.headers()).containsKey("strict-transport-security");
            assertThat(server.get("/who", HERE, "X-Forwarded-Host: evil.example")
                            .status())
                    .isEqualTo(421);
            assertThat(server.get("/who", HERE, "Forwarded: for=6.6.6.6").member("address"))
                    .isEqualTo("127.0.0.1");
        }
    }

    @Test
    void cve_2026_20896_headers_of_a_stranger_are_no_identity_and_no_address() throws IOException {
        for (String proxies : new String[] {"", "10.9.9.9"}) {
            try (NetworkServer server = new NetworkServer(NetworkServer.behind(proxies, "x-forwarded"))) {
                Answer answer = server.get(
                        "/who",
                        HERE,
                        "X-WEBAUTH-USER: admin",
                        "X-User: admin",
                        "X-Remote-User: admin",
                        "X-Forwarded-User: admin",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Real-IP: 6.6.6.6",
                        "Forwarded: for=6.6.6.6",
                        "X-Forwarded-Proto: https");
                assertThat(answer.member("principal")).isEqualTo("anonymous");
                assertThat(answer.member("address")).isEqualTo("127.0.0.1");
                assertThat(answer.member("secure")).isEqualTo("false");
                assertThat(answer.headers()).doesNotContainKey("strict-transport-security");
                assertThat(server.get("/who", "Host: evil.example", "X-Forwarded-Host: models.example")
                                .status())
                        .isEqualTo(421);
            }
        }
        try (NetworkServer server = new NetworkServer(NetworkServer.behind("127.0.0.1", "x-forwarded"))) {
            assertThat(server.get("/who", HERE, "X-WEBAUTH-USER: admin", "X-Forwarded-User: admin")
                            .member("principal"))
                    .as("a believed proxy names addresses, no users")
                    .isEqualTo("anonymous");
        }
    }

    @Test
    void cve_2025_14279_a_name_that_is_not_the_servers_is_answered_421() throws IOException {
        try (NetworkServer server = new NetworkServer(NetworkServer.behind("", "x-forwarded"))) {
            for (String host : List.of(
                    "evil.example",
                    "evil.example:80",
                    "127.0.0.1.evil.example",
                    "localhost.evil.example",
                    "127.0.0.2",
                    "0.0.0.0",
                    "[::ffff:127.0.0.3]")) {
                assertThat(server.get("/who", "Host: " + host).status())
                        .as(host)
                        .isEqualTo(421);
            }
            for (String host : List.of("localhost", "127.0.0.1:8080", "[::1]", "models.example", "MODELS.example:1")) {
                assertThat(server.get("/who", "Host: " + host).status())
                        .as(host)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void over_a_network_nobody_calls_past_the_proxy_without_tls() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(own.isPresent(), "this machine is on no network");
        String host = own.get().getHostAddress();
        try (NetworkServer server = new NetworkServer(
                NetworkServer.behind("10.9.9.9", "x-forwarded"), new Listener("0.0.0.0", 0, List.of()), table -> {})) {
            int port = URI.create(server.address).getPort();
            for (String[] expected : new String[][] {{"/who", "403"}, {"/livez", "204"}}) {
                try (RawClient client = RawClient.over(
                        new Socket(own.get(), port),
                        "GET " + expected[0] + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) {
                    assertThat(Answer.of(client).status()).isEqualTo(Integer.parseInt(expected[1]));
                }
            }
        }
        try (NetworkServer server = new NetworkServer(
                NetworkServer.behind(host, "x-forwarded"), new Listener("0.0.0.0", 0, List.of()), table -> {})) {
            try (RawClient client = RawClient.over(
                    new Socket(own.get(), URI.create(server.address).getPort()),
                    "GET /who HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")) {
                assertThat(Answer.of(client).member("address")).isEqualTo("203.0.113.9");
            }
        }
    }
}
