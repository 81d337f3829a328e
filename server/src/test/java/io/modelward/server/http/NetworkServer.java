package io.modelward.server.http;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryBudget;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A server with a few routes: {@code GET /who} says who asks, {@code POST /echo} answers the body, {@code GET /livez} is
 * open.
 */
final class NetworkServer implements AutoCloseable {

    final HttpRoute.Table routes = new HttpRoute.Table();
    private final HttpServer server;
    final String address;

    NetworkServer(HttpNetwork network) {
        this(network, new Listener("127.0.0.1", 0), table -> {});
    }

    NetworkServer(HttpNetwork network, Listener listener, Consumer<HttpRoute.Table> more) {
        this(network, listener, new ClaimedName(), more);
    }

    NetworkServer(HttpNetwork network, Listener listener, Authenticator authenticator, Consumer<HttpRoute.Table> more) {
        routes.blocking(
                "GET",
                "/who",
                Action.READ,
                exchange -> Reply.ok(Json.object()
                        .put("address", ClientAddress.of(exchange.request()))
                        .put("network", ClientAddress.network(exchange.request()))
                        .put("secure", ClientAddress.secure(exchange.request()))
                        .put("principal", exchange.principal().name())
                        .put(
                                "certificate",
                                ClientCertificate.of(exchange.request())
                                        .map(ClientCertificate::name)
                                        .orElse("none"))));
        routes.blocking("GET", "/api/v1/access/tokens", Action.READ, exchange -> Reply.ok(Json.object()));
        routes.blocking(
                "POST",
                "/echo",
                Action.READ,
                exchange -> Reply.ok(
                        Json.object().put("body", exchange.json(1 << 20).toString())));
        routes.openBlocking("GET", "/livez", exchange -> Reply.nothing());
        more.accept(routes);
        server = new HttpServer(
                listener,
                network,
                routes,
                authenticator,
                new Access(Authorizer.EVERYONE),
                new MemoryBudget(words -> {}).share("documents", 4 << 20),
                Runnable::run,
                new SimpleMeterRegistry());
        address = server.start();
    }

    static HttpNetwork behind(String proxies, String headers) {
        return new HttpNetwork(
                Set.of("models.example"), Optional.empty(), Proxies.of(proxies, headers), RequestLimits.NONE);
    }

    /** An answer: its status, its headers by lower-case names, its body. */
    record Answer(int status, TreeMap<String, String> headers, String body) {

        static Answer of(RawClient client) throws IOException {
            List<String> head = client.head();
            if (head.isEmpty()) {
                throw new IOException("no answer");
            }
            TreeMap<String, String> headers = new TreeMap<>();
            for (String line : head.subList(1, head.size())) {
                String[] parts = line.split(": ", 2);
                headers.merge(parts[0].toLowerCase(Locale.ROOT), parts[1], (one, two) -> one + " | " + two);
            }
            return new Answer(
                    Integer.parseInt(head.getFirst().split(" ", -1)[1]),
                    headers,
                    client.text(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        }

        String member(String name) {
            return Json.parse(body, "answer").path(name).asString();
        }
    }

    /** Asks with these headers besides none. */
    Answer get(String path, String... headers) throws IOException {
        try (RawClient client =
                RawClient.send(address, "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")) {
            return Answer.of(client);
        }
    }

    /** Looks for callers who are too slow, as if so many seconds had passed. */
    void look(int seconds) {
        server.look(System.nanoTime() + seconds * 1_000_000_000L);
    }

    @Override
    public void close() {
        server.close();
    }
}
