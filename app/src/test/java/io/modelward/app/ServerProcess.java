package io.modelward.app;

import io.modelward.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server as a process of its own, so that it can be killed, and a small client for it. */
final class ServerProcess implements AutoCloseable {

    /** An answer: its status and its JSON. */
    record Answer(int status, JsonNode body) {
        boolean ok() {
            return status / 100 == 2;
        }
    }

    private final @Nullable Process process;
    private final Optional<String> address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ServerProcess(@Nullable Process process, Optional<String> address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a server; one whose failpoints kill it while it starts has no address. */
    static ServerProcess start(Path directory, String settings) throws IOException {
        return start(directory, settings, "-Xmx256m", "-XX:TieredStopAtLevel=1");
    }

    static ServerProcess start(Path directory, String settings, String... options) throws IOException {
        // No server here runs a model, so none looks for a Python to run one in.
        Path config = Files.writeString(directory.resolve("config"), "runtime.environment=/bin/false\n" + settings);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(program());
        command.addAll(
                List.of("serve", "--listen=127.0.0.1:0", "--data=" + directory.resolve("data"), "--config=" + config));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("Listening on ")) {
                return new ServerProcess(process, Optional.of(line.substring("Listening on ".length())));
            }
        }
        return new ServerProcess(process, Optional.empty());
    }

    /**
     * The built program with what the JVM noted of it, where whoever runs the tests has built it just now; else the
     * classes.
     */
    private static List<String> program() {
        String jar = System.getProperty("modelward.jar", "");
        if (jar.isEmpty()) {
            return List.of("-cp", System.getProperty("java.class.path"), "io.modelward.app.Main");
        }
        return List.of("-XX:AOTCache=" + System.getProperty("modelward.cache"), "-jar", jar);
    }

    /** A server that runs already; it is not this object's to stop. */
    static ServerProcess connect(String address) {
        return new ServerProcess(null, Optional.of(address));
    }

    boolean started() {
        return address.isPresent();
    }

    String address() {
        return address.orElseThrow();
    }

    long pid() {
        return process.pid();
    }

    /** Calls; throws an IOException when the server dies before it answers. */
    Answer call(String method, String path, Object body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.orElseThrow() + path));
        if (body instanceof byte[] bytes) {
            request.method(method, BodyPublishers.ofByteArray(bytes))
                    .header("Content-Type", "application/octet-stream");
        } else if (body instanceof String json) {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.body().length == 0 ? Json.object() : Json.parse(response.body(), "answer"));
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    JsonNode get(String path) throws IOException {
        Answer answer = call("GET", path, null);
        if (!answer.ok()) {
            throw new IllegalStateException(path + ": " + answer);
        }
        return answer.body();
    }

    /** The exit code of a server that ends by itself; a server that goes on is killed, and the test fails. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("the server did not end by itself");
        }
        return process.exitValue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    /** Stops it as an operator would. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the server did not stop");
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    /**
     * Sends a request, once more when the connection that was kept for it had just been closed: the server closes one
     * after it cut an answer, or refused a body early, and Java's client does not always know in time.
     */
    static <T> HttpResponse<T> send(HttpClient http, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException closed) {
            if (!String.valueOf(closed.getMessage()).contains("received no bytes")) {
                throw closed;
            }
            return http.send(request, handler);
        }
    }
}
