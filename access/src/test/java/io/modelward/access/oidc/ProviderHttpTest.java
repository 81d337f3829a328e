package io.modelward.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import io.modelward.core.json.Json;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Providers that are slow, huge, elsewhere than they say, or attackers. */
class ProviderHttpTest {

    /** For what must be refused for its slowness. */
    private static final Duration SHORT = Duration.ofMillis(500);
    /** For all else, also on a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private FakeProvider provider;
    private IdentityProviders identities;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void open() throws Exception {
        provider = new FakeProvider();
        identities = identities(LIMIT);
    }

    private IdentityProviders identities(Duration limit) {
        return new IdentityProviders(
                LogInSettings.read(new Configuration(
                        Map.of("access.oidc.issuer", provider.issuer(), "access.oidc.client", FakeProvider.CLIENT))),
                InstantSource.system(),
                nanos::get,
                limit);
    }

    @AfterEach
    void close() {
        identities.close();
        provider.close();
    }

    private boolean proves() {
        return proves(identities);
    }

    private boolean proves(IdentityProviders asked) {
        nanos.addAndGet(Refreshed.PAUSE.toNanos());
        return asked.verifier().verify(provider.sign(provider.person().build())).isPresent();
    }

    private void requireRefused(FakeProvider.Odd odd) {
        provider.odd = odd;
        assertThat(proves()).isFalse();
        provider.odd = exchange -> false;
    }

    /** The provider would answer well, long after the limit. */
    private void requireTooSlow(FakeProvider.Odd odd) {
        try (IdentityProviders impatient = identities(SHORT)) {
            provider.odd = odd;
            assertThat(proves(impatient)).isFalse();
            provider.odd = exchange -> false;
        }
    }

    @Test
    void a_provider_that_is_slow_or_sends_too_much_or_no_json_is_not_believed() {
        requireTooSlow(exchange -> {
            sleep(2000);
            return false;
        });
        requireTooSlow(exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/keys")) {
                return false;
            }
            // A piece now and then, so that no read ever waits long; white space before the keys is fine.
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 20; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                sleep(100);
            }
            exchange.getResponseBody()
                    .write(new JWKSet(provider.published).toString().getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        requireRefused(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1024; i++) {
                exchange.getResponseBody().write(spaces);
            }
            return true;
        });
        for (String body : List.of("", "[]", "no json", "{\"issuer\":", "{}", "[".repeat(100_000))) {
            requireRefused(exchange -> {
                byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                return true;
            });
        }
        assertThat(proves()).isTrue();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void gitea_cve_2018_15192_harbor_cve_2020_13788_a_redirect_is_not_followed() {
        for (String path : List.of("/.well-known/openid-configuration", "/keys")) {
            for (int status : List.of(301, 302, 303, 307, 308)) {
                requireRefused(exchange -> {
                    if (!exchange.getRequestURI().getPath().equals(path)) {
                        return false;
                    }
                    exchange.getResponseHeaders().add("Location", provider.issuer() + "/elsewhere");
                    exchange.sendResponseHeaders(status, -1);
                    return true;
                });
            }
        }
        assertThat(provider.called("/elsewhere")).isZero();
        assertThat(proves()).isTrue();
    }

    @Test
    void the_document_must_name_the_issuer_of_the_settings_to_the_last_character() {
        for (String other : List.of(provider.issuer() + "/", "https://login.example.org", "")) {
            provider.discovery = document -> document.put("issuer", other);
            assertThat(proves()).as(other).isFalse();
        }
        provider.discovery = document -> document;
        assertThat(proves()).isTrue();
    }

    @Test
    void fulcio_cve_2026_22772_keys_are_fetched_over_https_only_and_never_from_a_file() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String address : List.of(
                    "http://0x7f000001:" + listener.getLocalPort() + "/keys",
                    "http://2130706433:" + listener.getLocalPort() + "/keys",
                    "http://[::ffff:127.0.0.1]:" + listener.getLocalPort() + "/keys",
                    "http://169.254.169.254/latest/meta-data",
                    "https://127.1:" + listener.getLocalPort() + "/keys",
                    "http://keys.example.org/keys",
                    "file:///etc/passwd",
                    "jar:file:/tmp/a.jar!/keys",
                    "//keys",
                    "keys")) {
                provider.discovery = document -> document.put("jwks_uri", address);
                assertThat(proves()).as(address).isFalse();
            }
            requireNobodyCalled(listener);
        }
    }

    @Test
    void fulcio_cve_2026_49478_a_provider_elsewhere_has_no_keys_or_endpoints_on_this_machine() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProviderHttp http = new ProviderHttp(LIMIT, Optional.empty())) {
            String port = ":" + listener.getLocalPort() + "/keys";
            for (String address : List.of(
                    "https://127.0.0.1" + port,
                    "https://localhost" + port,
                    "https://[::1]" + port,
                    "https://[::ffff:127.0.0.1]" + port,
                    "https://0.0.0.0" + port,
                    "https://169.254.169.254/latest/meta-data",
                    "https://[fe80::1]/keys",
                    "https://224.0.0.1/keys",
                    "http://127.0.0.1" + port)) {
                assertThatThrownBy(() -> http.get(URI.create(address), false))
                        .as(address)
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(".*(may not name|has no address).*");
                assertThatThrownBy(() -> http.post(URI.create(address), false, "a=b", ""))
                        .as(address)
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(".*(may not name|has no address).*");
            }
            requireNobodyCalled(listener);
            assertThat(http.get(ProviderMetadata.address(provider.issuer()), true)
                            .isObject())
                    .isTrue();
        }
    }

    private static void requireNobodyCalled(ServerSocket listener) throws IOException {
        listener.setSoTimeout(100);
        assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void no_error_has_what_a_provider_sent() throws Exception {
        try (ProviderHttp http = new ProviderHttp(LIMIT, Optional.empty())) {
            provider.odd = exchange -> {
                byte[] bytes = "{\"error\":\"their secret\"}".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(500, bytes.length);
                exchange.getResponseBody().write(bytes);
                return true;
            };
            assertThatThrownBy(() -> http.get(URI.create(provider.issuer() + "/keys"), true))
                    .hasMessage("127.0.0.1 answered with status 500")
                    .hasNoCause();
        }
    }

    @Test
    void a_clients_secret_goes_where_the_provider_wants_it() throws Exception {
        Map<String, String> methods = new LinkedHashMap<>();
        methods.put("{}", "true");
        methods.put("{\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}", "false");
        methods.put(
                "{\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"]}", "true");
        methods.put("{\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]}", "true");
        for (Map.Entry<String, String> one : methods.entrySet()) {
            var document = (ObjectNode) Json.parse(one.getKey(), "document");
            document.put("issuer", provider.issuer()).put("jwks_uri", provider.issuer() + "/keys");
            assertThat(ProviderMetadata.parse(provider.issuer(), document).basic())
                    .as(one.getKey())
                    .isEqualTo(Boolean.parseBoolean(one.getValue()));
        }
    }
}
