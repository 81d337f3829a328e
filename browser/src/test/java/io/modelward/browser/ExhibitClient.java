package io.modelward.browser;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Calls the HTTP API of an exhibit. */
final class ExhibitClient implements AutoCloseable {

    private final String address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ExhibitClient(String address) {
        this.address = address;
    }

    /** A part of an address, with all that an address cannot have written in its own way. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The answer to a look that has to succeed. */
    JsonNode look(String path) throws IOException {
        return read(path, send("GET", path, null, ""));
    }

    /** As {@link #look}, for what is asked while a table is read. */
    JsonNode told(String path) {
        try {
            return look(path);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** The answer to a change that has to succeed. */
    JsonNode made(String method, String path, JsonNode body) throws IOException {
        return made(method, path, body, "ann");
    }

    /** The answer to somebody's change that has to succeed. */
    JsonNode made(String method, String path, JsonNode body, String actor) throws IOException {
        return read(path, send(method, path, Json.write(body), actor));
    }

    /** The answer of MLflow's door to a change that has to succeed. */
    JsonNode mlflow(String path, JsonNode body) throws IOException {
        return made("POST", "/api/2.0/mlflow" + path, body);
    }

    /** Uploads a file. */
    void put(String path, byte[] bytes) throws IOException {
        read(path, send("PUT", path, bytes, "ann"));
    }

    /** The status of a prediction's answer, and the answer. */
    HttpResponse<String> predict(String endpoint, JsonNode row) throws IOException {
        return send("POST", "/predict/" + endpoint, "{\"instances\":[" + Json.write(row) + "]}", "");
    }

    private static JsonNode read(String path, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.parse(answer.body().isEmpty() ? "{}" : answer.body(), "answer");
    }

    HttpResponse<String> send(String method, String path, Object body, String actor) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
        if (body instanceof byte[] bytes) {
            request.method(method, BodyPublishers.ofByteArray(bytes));
        } else if (body instanceof String json) {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        if (!actor.isEmpty()) {
            request.header("Modelward-Actor", actor);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
