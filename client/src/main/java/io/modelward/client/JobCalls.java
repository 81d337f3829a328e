package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Training jobs and their runs. Reached through {@link ModelwardClient#jobs()}; throws as that does. */
public final class JobCalls {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The server hashes code and data before it answers. */
    private static final Duration LOOK = Duration.ofMinutes(10);

    private final Http http;
    private final ModelwardClient.Lists lists;

    JobCalls(Http http, ModelwardClient.Lists lists) {
        this.http = http;
        this.lists = lists;
    }

    /** Uploads a file for a job; {@code {"sha256", "size"}}. */
    public JsonNode upload(Path file, TransferProgress progress) throws IOException {
        var digest = FileTransfer.digest(file, progress::hashed);
        return http.put(
                        Address.of(http.base(), "api", "v1", "job-files"),
                        FileTransfer.body(file, progress::moved),
                        FileTransfer.contentDigest(digest))
                .json();
    }

    /** @param job with all its members, as docs/api.yaml has them */
    public JsonNode create(ObjectNode job) {
        return http.send("POST", jobs(), job, PATIENCE, Map.of()).json();
    }

    public JsonNode job(String name) {
        return http.get(jobs(name), PATIENCE).json();
    }

    /** {@code {"jobs": […]}}, newest first; of one model when one is named. */
    public JsonNode list(Optional<String> model, int limit) {
        return lists.all(() -> model.map(name -> jobs().query("model", name)).orElseGet(this::jobs), "jobs", limit);
    }

    public void delete(String name, String reason) {
        http.delete(jobs(name).query("reason", reason), PATIENCE, Map.of());
    }

    public JsonNode pause(String name, boolean paused, String reason) {
        return http.send("POST", jobs(name, paused ? "pause" : "resume"), why(reason), PATIENCE, Map.of())
                .json();
    }

    /** Starts a run now. */
    public JsonNode run(String name, String reason) {
        return http.send("POST", jobs(name, "runs"), why(reason), PATIENCE, Map.of())
                .json();
    }

    /** {@code {"runs": […]}}, newest first; of all jobs when none is named. */
    public JsonNode runs(Optional<String> job, int limit) {
        return lists.all(() -> job.map(name -> jobs(name, "runs")).orElseGet(this::runs), "runs", limit);
    }

    public JsonNode stop(String run, String reason) {
        return http.send("POST", runs(run, "stop"), why(reason), PATIENCE, Map.of())
                .json();
    }

    /** A run with its plan and the packages of its environment. */
    public JsonNode get(String run) {
        return http.get(runs(run), PATIENCE).json();
    }

    /** {@code {"text", "next", "ended"}}: what a run wrote, from a place on. */
    public JsonNode log(String run, long from) {
        return http.get(runs(run, "log").query("from", Long.toString(from)), PATIENCE)
                .json();
    }

    /** Starts a run that makes a version once more, and compares. */
    public JsonNode reproduce(ModelName model, String version, double tolerance, String reason) {
        return http.send("POST", reproductions(model, version), why(reason).put("tolerance", tolerance), LOOK, Map.of())
                .json();
    }

    /** {@code {"reproductions": […]}}: runs that made a version once more, newest first. */
    public JsonNode reproductionsOf(ModelName model, String version) {
        return http.get(reproductions(model, version), PATIENCE).json();
    }

    private Address reproductions(ModelName model, String version) {
        return Address.of(
                http.base(),
                "api",
                "v1",
                "models",
                model.namespace(),
                model.name(),
                "versions",
                version,
                "reproductions");
    }

    private static ObjectNode why(String reason) {
        return Json.object().put("reason", reason);
    }

    private Address jobs(String... segments) {
        return at("jobs", segments);
    }

    private Address runs(String... segments) {
        return at("job-runs", segments);
    }

    private Address at(String list, String... segments) {
        return Address.of(
                http.base(),
                Stream.concat(Stream.of("api", "v1", list), Stream.of(segments)).toArray(String[]::new));
    }
}
