package io.modelward.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that answers what a test tells it to, and keeps what it was asked. */
final class FakeServer implements AutoCloseable {

    /** @param target the path and query as they came, still encoded */
    record Asked(String method, String target, com.sun.net.httpserver.Headers headers, byte[] body) {}

    /** @param contentType of a redirect: where it leads to */
    record Told(int status, String contentType, byte[] body) {}

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Asked, Told> answers = _ -> json(200, "{}");

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    static Told json(int status, String body) {
        return new Told(
                status,
                status < 300 ? "application/json" : "application/problem+json",
                body.getBytes(StandardCharsets.UTF_8));
    }

    FakeServer answering(Function<Asked, Told> all) {
        answers = all;
        return this;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Asked> asked() {
        return asked;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asked request = new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes());
            asked.add(request);
            Told answer = answers.apply(request);
            boolean redirect = answer.status() / 100 == 3;
            exchange.getResponseHeaders().set(redirect ? "Location" : "Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("ETag", "\"7\"");
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
