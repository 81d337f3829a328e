package io.modelward.server.login;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.access.oidc.FakeProvider;
import io.modelward.access.oidc.IdentityProviders;
import io.modelward.access.oidc.LogInSettings;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.settings.Configuration;
import io.modelward.server.http.ClaimedName;
import io.modelward.server.http.HttpNetwork;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.HttpServer;
import io.modelward.server.http.Listener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A server that has the doors of log-ins and nothing else, with a provider beside. */
final class LogInServer implements AutoCloseable {

    static final String LOG_IN_COOKIE = "__Host-modelward-login";
    static final String SESSION_COOKIE = "__Host-modelward";

    final FakeProvider provider = new FakeProvider();
    final FakeLogIns logIns = new FakeLogIns();
    final AtomicLong offset = new AtomicLong();
    final String address;
    private final IdentityProviders identities;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    LogInServer() throws IOException {
        this(Map.of());
    }

    /** @param more settings; one of an empty value takes the usual one away */
    LogInServer(Map<String, String> more) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "access.oidc.issuer", provider.issuer(),
                "access.oidc.client", FakeProvider.CLIENT,
                "access.oidc.secret", FakeProvider.SECRET));
        settings.putAll(more);
        InstantSource clock = () -> Instant.now().plusSeconds(offset.get());
        identities = new IdentityProviders(LogInSettings.read(new Configuration(settings)), clock);
        HttpRoute.Table routes = new HttpRoute.Table();
        new LogInDoor(identities.browsers(), logIns, logIns, clock, true).open(routes);
        new ProgramLogInDoor(identities.programs(), logIns, true).open(routes);
        server = new HttpServer(
                new Listener("127.0.0.1", 0),
                HttpNetwork.local(Set.of()),
                routes,
                new ClaimedName(),
                new Access(Authorizer.EVERYONE),
                new MemoryBudget(words -> {}).share("documents", 16 << 20),
                Runnable::run,
                new SimpleMeterRegistry());
        address = server.start();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(address + path)).GET(), headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(address + path)).POST(BodyPublishers.ofString(body)), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** The value of a cookie that an answer sets; empty when the answer does not, or takes it away. */
    static String cookie(HttpResponse<String> answer, String name) {
        List<String> values = answer.headers().allValues("Set-Cookie").stream()
                .filter(value -> value.startsWith(name + "="))
                .map(value -> value.substring(name.length() + 1, value.indexOf(';')))
                .toList();
        return values.isEmpty() ? "" : values.getLast();
    }

    static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    /** A browser that has been at the provider and is on its way back. */
    record Returning(String path, String cookie) {}

    Returning atProvider(String start) throws Exception {
        HttpResponse<String> started = get(start);
        URI back = FakeProvider.visit(URI.create(location(started)));
        return new Returning(back.getRawPath() + "?" + back.getRawQuery(), cookie(started, LOG_IN_COOKIE));
    }

    HttpResponse<String> comesBack(Returning browser) throws Exception {
        return get(browser.path(), "Cookie", LOG_IN_COOKIE + "=" + browser.cookie());
    }

    @Override
    public void close() {
        server.close();
        identities.close();
        provider.close();
        http.close();
    }
}
