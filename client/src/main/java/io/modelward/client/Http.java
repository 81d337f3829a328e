package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import tools.jackson.databind.JsonNode;

/** Sends requests, and turns every way to fail into {@link ApiException} or {@link Unreachable}. */
final class Http implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient http;
    private final URI base;
    private final String actor;
    private final Optional<Bearer> bearer;

    Http(URI base, String actor, Optional<Bearer> bearer) {
        this.base = base;
        this.actor = actor;
        this.bearer = bearer;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        // A token goes where its user said and nowhere else.
        builder.followRedirects(HttpClient.Redirect.NEVER);
        if ("http".equalsIgnoreCase(base.getScheme())) {
            builder.sslContext(trustingNobody());
        }
        this.http = builder.build();
    }

    /** Where nothing is encrypted, the certificates of this machine are not read: to read them takes 50 ms. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    URI base() {
        return base;
    }

    ApiResponse get(Address address, Duration patience) {
        return json(request(address).GET().timeout(patience).build());
    }

    ApiResponse send(String method, Address address, JsonNode body, Duration patience, Map<String, String> headers) {
        HttpRequest.Builder request = request(address)
                .method(method, BodyPublishers.ofByteArray(Json.bytes(body)))
                .header("Content-Type", "application/json")
                .timeout(patience);
        headers.forEach(request::header);
        return json(request.build());
    }

    ApiResponse delete(Address address, Duration patience, Map<String, String> headers) {
        HttpRequest.Builder request = request(address).DELETE().timeout(patience);
        headers.forEach(request::header);
        return json(request.build());
    }

    /** Sends a file's bytes; as long as they move, there is no limit in time. */
    ApiResponse put(Address address, BodyPublisher body, String contentDigest) {
        return json(request(address)
                .PUT(body)
                .header("Content-Type", "application/octet-stream")
                .header("Content-Digest", contentDigest)
                .build());
    }

    /** The bytes at this address; the caller closes them. */
    HttpResponse<InputStream> open(Address address) {
        HttpResponse<InputStream> response = exchange(request(address).GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response;
        }
        try (InputStream body = response.body()) {
            throw failure(response, body.readAllBytes());
        } catch (IOException failure) {
            throw unreachable(failure);
        }
    }

    private HttpRequest.Builder request(Address address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.uri())
                .header("Modelward-Actor", actor)
                .header("Accept", "application/json, */*");
        bearer.ifPresent(token -> token.on(request, address.uri()));
        return request;
    }

    private ApiResponse json(HttpRequest request) {
        HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw failure(response, response.body());
        }
        JsonNode body;
        try {
            body = response.body().length == 0 ? Json.object() : Json.parse(response.body(), "answer");
        } catch (ProblemException notJson) {
            throw stranger(response);
        }
        return new ApiResponse(response.statusCode(), body, response.headers().firstValue("ETag"));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException failure) {
            throw unreachable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unreachable("The request was interrupted.", interrupted);
        }
    }

    private RuntimeException failure(HttpResponse<?> response, byte[] body) {
        if (response.headers().firstValue("Content-Type").orElse("").contains("json")) {
            try {
                JsonNode problem = Json.parse(body, "answer");
                if (problem.path("detail").isString()) {
                    return new ApiException(response.statusCode(), problem);
                }
            } catch (ProblemException notJson) {
                return stranger(response);
            }
        }
        return stranger(response);
    }

    private Unreachable stranger(HttpResponse<?> response) {
        return new Unreachable("What answered at " + base + " (with status " + response.statusCode()
                + ") is not a Modelward server. Check the address.");
    }

    Unreachable unreachable(IOException failure) {
        if (refused(failure)) {
            return new Unreachable(
                    "No server answers at " + base + ". Start one with: modelward serve, or name another with --url.",
                    failure);
        }
        if (failure instanceof HttpTimeoutException) {
            return new Unreachable("The server at " + base + " did not answer in time.", failure);
        }
        return new Unreachable("The connection to " + base + " broke off. Try again.", failure);
    }

    private static boolean refused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
