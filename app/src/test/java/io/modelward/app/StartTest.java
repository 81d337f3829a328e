package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartTest {

    @TempDir
    Path directory;

    private Configuration settings(String listen) {
        return ConfigurationFile.read(
                Optional.empty(),
                Map.of(
                        "server.listen",
                        listen,
                        "data.directory",
                        directory.resolve("data").toString()));
    }

    @Test
    void a_directory_in_use_is_refused_and_free_again_afterwards() throws Exception {
        try (Application first = new Application(settings("127.0.0.1:0"), Map.of())) {
            assertThat(first.address()).startsWith("http://127.0.0.1:");
            assertThatThrownBy(() -> new Application(settings("127.0.0.1:0"), Map.of()))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("in use by another process");
        }
        new Application(settings("127.0.0.1:0"), Map.of()).close();
    }

    @Test
    void an_address_that_others_reach_is_refused() {
        for (String address : new String[] {"0.0.0.0:0", "[::]:0"}) {
            assertThatThrownBy(() -> new Application(settings(address), Map.of()))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("Set access.mode = on")
                    .hasMessageContaining("tls.certificate and tls.key, or server.proxies");
        }
    }

    /** With what is set beside the address that others reach, what is left to set is named. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access.mode=on | Set tls.certificate and tls.key, or server.proxies where a proxy ends TLS; or",
                "server.proxies=10.0.0.1 | Set access.mode = on, since access control is off and anyone could do anything; or"
            })
    void what_is_missing_for_a_network_is_named(String line, String message) throws Exception {
        Path file = Files.writeString(directory.resolve("config"), line + "\n");
        Map<String, String> options = Map.of(
                "server.listen",
                "0.0.0.0:0",
                "data.directory",
                directory.resolve("data").toString());
        assertThatThrownBy(() -> new Application(ConfigurationFile.read(Optional.of(file), options), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_directory_of_a_newer_format_and_one_of_something_else_are_refused() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("format"), "2\n");
        assertThatThrownBy(() -> new Application(settings("127.0.0.1:0"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("newer release");
        Files.delete(data.resolve("format"));
        Files.writeString(data.resolve("thesis.txt"), "precious");
        assertThatThrownBy(() -> new Application(settings("127.0.0.1:0"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("not empty");
        assertThat(Files.readString(data.resolve("thesis.txt"))).isEqualTo("precious");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server.lisen=127.0.0.1:0 | unknown key, server.lisen",
                "server.listen=localhost | server.listen is written host:port",
                "server.listen=127.0.0.1:99999 | server.listen is written host:port",
                "runtime.request-timeout=10 | runtime.request-timeout is a duration",
                "runtime.hard-timeout=0s | runtime.hard-timeout is longer than 0",
                "webhooks.allow-private=perhaps | webhooks.allow-private is true or false",
                "predictions.segment-records=many | predictions.segment-records is a whole number",
                "predictions.type=tape | predictions.type is one of segments",
                "blobs.type=tape | blobs.type is one of disk",
                "runtime.type=tape | runtime.type is one of onnx, python",
                "tls.key=/nowhere | set tls.certificate too",
                "tls.client-ca=/nowhere | tls.client-ca needs TLS",
                "server.proxies=proxy.example | server.proxies is addresses and ranges",
                "server.proxy-headers=any | server.proxy-headers is x-forwarded or forwarded",
                "limits.requests=many | limits.requests is a number of requests and the time for them",
                "limits.failures=0/1m | limits.failures is a number of requests and the time for them",
                "access.oidc.client=modelward | access.oidc.issuer is needed",
                "access.oidc.secrt=x | unknown key, access.oidc.secrt",
                "access.workload.ci.audience=x | access.workload.ci.issuer is needed",
                "access.ca-file=/nowhere.pem | access.ca-file: /nowhere.pem: it cannot be read",
                "webhooks.type=pigeon | webhooks.type is one of http",
                "catalog.url=mysql://me@here/db | catalog.url begins with one of postgres, postgresql, sqlite",
                "catalog.url=sqlite:/elsewhere | catalog.url is sqlite: alone"
            })
    void a_wrong_setting_is_named(String line, String message) throws Exception {
        Path file = Files.writeString(directory.resolve("config"), line + "\n");
        Map<String, String> options =
                Map.of("data.directory", directory.resolve("data").toString());
        assertThatThrownBy(() -> new Application(ConfigurationFile.read(Optional.of(file), options), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(message);
    }
}
