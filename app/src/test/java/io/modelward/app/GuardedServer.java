package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A server with access control, in this process, and callers with the roles that a test gives them. */
final class GuardedServer implements AutoCloseable {

    static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
    static final String MLFLOW = "/api/2.0/mlflow";

    private final Application application;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Caller administrator;

    private GuardedServer(Application application) {
        this.application = application;
        this.administrator =
                new Caller("service:bootstrap", application.bootstrap().orElseThrow());
    }

    static GuardedServer start(Path directory) throws Exception {
        return start(directory, Map.of());
    }

    static GuardedServer start(Path directory, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "server.listen", "127.0.0.1:0",
                "data.directory", directory.resolve("data").toString(),
                "runtime.environment", "/bin/false",
                "access.mode", "on",
                "limits.failures", "1000000/1m"));
        settings.putAll(more);
        return new GuardedServer(
                new Application(ConfigurationFile.read(Optional.empty(), Map.copyOf(settings)), Map.of()));
    }

    String address() {
        return application.address();
    }

    Caller administrator() {
        return administrator;
    }

    /** Somebody who sends nothing that says who they are. */
    Caller stranger() {
        return new Caller("", "");
    }

    /**
     * A service that has these roles, and a token that is limited to them.
     *
     * @param permissions such as {@code publisher on model:default/iris}
     */
    Caller caller(String name, String... permissions) throws Exception {
        for (String permission : permissions) {
            grant(name, permission);
        }
        return token(name, permissions);
    }

    /** Gives a service a role; answers the id of the grant. */
    String grant(String name, String permission) throws Exception {
        ObjectNode grant = permission(permission).put("subject", "service:" + name);
        return administrator
                .made("POST", "/api/v1/access/grants", grant)
                .path("id")
                .asString();
    }

    void ungrant(String id) throws Exception {
        assertThat(administrator
                        .call("DELETE", "/api/v1/access/grants/" + id, null)
                        .statusCode())
                .isEqualTo(204);
    }

    /** A token of a service that is limited to these roles. */
    Caller token(String name, String... permissions) throws Exception {
        ObjectNode wish =
                Json.object().put("name", "a test").put("expires", "1h").put("owner", "service:" + name);
        ArrayNode list = wish.putArray("grants");
        for (String permission : permissions) {
            list.add(permission(permission));
        }
        JsonNode made = administrator.made("POST", "/api/v1/access/tokens", wish);
        return new Caller("service:" + name, made.path("token").asString());
    }

    private static ObjectNode permission(String text) {
        String[] parts = text.split(" on ", 2);
        return Json.object().put("role", parts[0]).put("scope", parts[1]);
    }

    /** The id of a new version of one file, made by its publisher; what MLflow calls its number is returned too. */
    Version publish(Caller publisher, String model, String version, String bytes) throws Exception {
        String draft = publisher
                .made("POST", "/api/v1/models/" + model + "/drafts", Json.object())
                .path("id")
                .asString();
        HttpResponse<String> put = publisher.put(
                "/api/v1/drafts/" + draft + "/files/model.joblib", bytes.getBytes(StandardCharsets.UTF_8));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        JsonNode made = publisher.made(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                Json.object().put("version", version).set("card", Json.object()));
        return new Version(draft, made.path("digest").asString());
    }

    /** A version that a test made, and the draft that it was made of. */
    record Version(String draft, String digest) {}

    @Override
    public void close() throws IOException {
        http.close();
        application.close();
    }

    /** Somebody who calls, with a token; by Bearer unless something else is asked for. */
    final class Caller {

        private final String subject;
        private final String token;

        private Caller(String subject, String token) {
            this.subject = subject;
            this.token = token;
        }

        String subject() {
            return subject;
        }

        String token() {
            return token;
        }

        Map<String, String> bearer() {
            return token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token);
        }

        Map<String, String> basic() {
            byte[] pair = ("anybody:" + token).getBytes(StandardCharsets.UTF_8);
            return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }

        /** @param json JSON as text; null for no body */
        HttpResponse<String> call(String method, String path, Object json) throws Exception {
            return send(method, path, json, bearer());
        }

        HttpResponse<String> put(String path, byte[] bytes) throws Exception {
            return send("PUT", path, bytes, bearer());
        }

        HttpResponse<String> get(String path) throws Exception {
            return send("GET", path, null, bearer());
        }

        /** Sends the fields of a form of a page. */
        HttpResponse<String> form(String path, String fields) throws Exception {
            Map<String, String> headers = new HashMap<>(bearer());
            headers.put("Content-Type", "application/x-www-form-urlencoded");
            return send("POST", path, fields.getBytes(StandardCharsets.UTF_8), headers);
        }

        /** What a look answers that has to succeed. */
        JsonNode look(String path) throws Exception {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
            return Json.parse(answer.body(), "answer");
        }

        /** Where MLflow's clients find the files of the first version of a model. */
        String folder(String model) throws Exception {
            return look(MLFLOW + "/model-versions/get-download-uri?version=1&name=" + model)
                    .path("artifact_uri")
                    .asString()
                    .replace("mlflow-artifacts:/", "");
        }

        /** What a call answers that has to succeed. */
        JsonNode made(String method, String path, JsonNode body) throws Exception {
            HttpResponse<String> answer = call(method, path, Json.write(body));
            assertThat(answer.statusCode() / 100)
                    .as(path + ": " + answer.body())
                    .isEqualTo(2);
            return Json.parse(answer.body().isEmpty() ? "{}" : answer.body(), "answer");
        }

        JsonNode mlflow(String path, JsonNode body) throws Exception {
            return made("POST", MLFLOW + path, body);
        }

        /** A new run of an experiment. */
        String run(String experiment) throws Exception {
            return mlflow("/runs/create", Json.object().put("experiment_id", experiment))
                    .at("/run/info/run_id")
                    .asString();
        }

        String experiment(String name) throws Exception {
            return mlflow("/experiments/create", Json.object().put("name", name))
                    .path("experiment_id")
                    .asString();
        }
    }

    /** Calls with these headers and no others. */
    HttpResponse<String> send(String method, String path, Object body, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        if (body instanceof byte[] bytes) {
            request.method(method, BodyPublishers.ofByteArray(bytes));
        } else if (body instanceof String json) {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        headers.forEach(request::header);
        return ServerProcess.send(http, request.build(), BodyHandlers.ofString());
    }
}
