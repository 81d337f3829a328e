package io.modelward.browser;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves the models of an exhibit: endpoints, moves, rollouts that ended and rollouts at work, predictions. */
final class ExhibitServing {

    static final String ENDPOINT = "iris";
    /** Has a rollout at work. */
    static final String AT_WORK = "iris-eu";
    /** Has a rollout that a person holds. */
    static final String HELD = "iris-apac";

    private static final Set<String> ENDED =
            Set.of("PROMOTED", "ROLLED_BACK", "LOAD_FAILED", "SUPERSEDED", "CANCELLED");
    private static final Set<String> MOVING =
            Set.of("RUNNING", "BAKING", "HELD", "PROMOTED", "ROLLED_BACK", "LOAD_FAILED", "SUPERSEDED", "CANCELLED");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExhibitClient client;
    private final ExhibitWords words;
    private final String model;
    private final JsonNode rows;
    private String prediction = "";
    private String atWork = "";
    private String held = "";
    private String rolledBack = "";
    private String promoted = "";

    ExhibitServing(ExhibitClient client, ExhibitFiles files, ExhibitWords words, String model) throws IOException {
        this.client = client;
        this.words = words;
        this.model = model;
        this.rows = files.rows();
    }

    /** A prediction that was answered. */
    String prediction() {
        return prediction;
    }

    String atWork() {
        return atWork;
    }

    String held() {
        return held;
    }

    String rolledBack() {
        return rolledBack;
    }

    String promoted() {
        return promoted;
    }

    void serve() throws IOException {
        endpoint(ENDPOINT, "2.1.0");
        endpoint(AT_WORK, "2.2.0");
        endpoint(HELD, "2.2.0");
        move("flip", Json.object().put("version", "2.2.0"));
        move("rollback", Json.object());
        move("flip", Json.object().put("version", "2.2.0"));
        predict(ENDPOINT, 30);
        // All candidates load beside one another, and one of them for three endpoints.
        rolledBack = rollOut(ENDPOINT, ExhibitModels.BROKEN, plan("0ms", 40, 50, 100));
        promoted = rollOut(ENDPOINT, "2.3.0", plan("0ms", 20, 50, 100));
        rollOut(ENDPOINT, ExhibitModels.UNREADABLE, plan("0ms", 20, 50, 100));
        atWork = rollOut(AT_WORK, "2.3.0", plan("30m", 1000, 10, 50, 100));
        held = rollOut(HELD, "2.3.0", plan("30m", 1000, 25, 100));
        drive(rolledBack);
        drive(promoted);
        until(atWork, Set.of("RUNNING"));
        until(held, Set.of("RUNNING"));
        predict(AT_WORK, 60);
        client.made(
                "POST",
                "/api/v1/rollouts/" + held + "/hold",
                Json.object().put("reason", words.text("wait for the review")),
                words.actor("ben"));
        HttpResponse<String> answer = client.predict(ENDPOINT, rows.get(0));
        prediction = Json.parse(answer.body(), "answer").path("prediction_id").asString();
        webhooks();
    }

    private void endpoint(String name, String version) throws IOException {
        client.made(
                "PUT",
                "/api/v1/endpoints/" + name,
                Json.object().put("model", model).put("version", version).put("reason", words.text("the first")));
    }

    private void move(String how, ObjectNode wish) throws IOException {
        client.made(
                "POST",
                "/api/v1/endpoints/" + ENDPOINT + "/" + how,
                wish.put("reason", words.text("a test of the " + how)),
                words.actor("ben"));
    }

    private static ObjectNode plan(String dwell, int samples, int... steps) {
        ObjectNode plan = Json.object().put("min_dwell", dwell).put("min_samples", samples);
        ArrayNode percents = plan.putArray("steps");
        for (int step : steps) {
            percents.add(step);
        }
        return plan;
    }

    private String rollOut(String endpoint, String candidate, ObjectNode plan) throws IOException {
        return client.made(
                        "POST",
                        "/api/v1/endpoints/" + endpoint + "/rollouts",
                        plan.put("candidate", candidate).put("reason", words.text("retrained")),
                        words.actor("cleo"))
                .path("id")
                .asString();
    }

    /** Sends predictions, from when the candidate has traffic until the rollout has ended. */
    private void drive(String rollout) throws IOException {
        until(rollout, MOVING);
        Instant end = Instant.now().plus(PATIENCE);
        while (!ENDED.contains(state(rollout))) {
            refuseAfter(end, rollout);
            predict(ENDPOINT, 20);
        }
    }

    private void until(String rollout, Set<String> states) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!states.contains(state(rollout))) {
            refuseAfter(end, rollout);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void refuseAfter(Instant end, String rollout) throws IOException {
        if (Instant.now().isAfter(end)) {
            throw new IOException("the rollout stands still: " + client.look("/api/v1/rollouts/" + rollout));
        }
    }

    private String state(String rollout) throws IOException {
        return client.look("/api/v1/rollouts/" + rollout).path("state").asString();
    }

    /** Sends rows of the data in turn; the answers may be errors. */
    private void predict(String endpoint, int count) throws IOException {
        for (int number = 0; number < count; number++) {
            client.predict(endpoint, rows.get(number * 37 % rows.size()));
        }
    }

    private void webhooks() throws IOException {
        for (String name : List.of("chat", "pager")) {
            ObjectNode wish = Json.object()
                    .put("name", name)
                    .put("description", words.text("tells the team"))
                    .put("url", "http://127.0.0.1:1/" + name);
            wish.putArray("events").add("rollout.held").add("version.published");
            client.made("POST", "/api/v1/webhooks", wish);
        }
        client.made(
                "POST",
                "/api/v1/notifications/channels",
                Json.object().put("name", "team").put("webhook", "http://127.0.0.1:1/team"));
    }
}
