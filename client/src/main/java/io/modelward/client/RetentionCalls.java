package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rules of retention, holds, and the collection of garbage. Reached through {@link ModelwardClient#retention()}. */
public final class RetentionCalls {

    private static final Duration READ = Duration.ofMinutes(2);

    private final Http http;

    RetentionCalls(Http http) {
        this.http = http;
    }

    /** What a rule is for: the server, a namespace or a model. */
    public sealed interface Scope {

        /** The server. */
        record Server() implements Scope {}

        /** A namespace. */
        record Namespace(String name) implements Scope {}

        /** A model. */
        record Model(ModelName name) implements Scope {}
    }

    /**
     * A rule as a caller asks for it; what is empty has the server's default.
     *
     * @param deleteAfter a duration such as {@code 365d}
     * @param keepTags {@code KEY} or {@code KEY=VALUE}
     */
    public record Wish(OptionalInt keepLast, boolean perMajor, Optional<String> deleteAfter, List<String> keepTags) {}

    /** {@code {"rules": […]}}. */
    public JsonNode rules() {
        return http.get(at("retention"), READ).json();
    }

    /** Sets a rule; answers it. */
    public JsonNode set(Scope scope, Wish wish, String reason) {
        ObjectNode body = ModelCalls.body(reason).put("per_major", wish.perMajor());
        wish.keepLast().ifPresent(last -> body.put("keep_last", last));
        wish.deleteAfter().ifPresent(after -> body.put("delete_after", after));
        ArrayNode tags = body.putArray("keep_tags");
        wish.keepTags().forEach(tags::add);
        return send("PUT", of(scope), body);
    }

    /** Removes a rule; one that is not there changes nothing. */
    public void remove(Scope scope, String reason) {
        http.delete(ModelCalls.with(of(scope), reason), READ, Map.of());
    }

    /** The rule in force for a model, its holds, and what rules deleted. */
    public JsonNode show(ModelName model) {
        return http.get(of(new Scope.Model(model)), READ).json();
    }

    /** What the rule in force would delete now, and why each other version stays. */
    public JsonNode preview(ModelName model) {
        return http.get(of(new Scope.Model(model)).path("preview"), READ).json();
    }

    /**
     * Deletes what the rule in force says.
     *
     * @param fingerprint of the preview that this was decided on; empty: whatever goes now
     * @param confirm whether it may be most versions
     */
    public JsonNode run(ModelName model, Optional<String> fingerprint, boolean confirm, String reason) {
        ObjectNode body = ModelCalls.body(reason).put("confirm", confirm);
        fingerprint.ifPresent(text -> body.put("fingerprint", text));
        return send("POST", of(new Scope.Model(model)).path("run"), body);
    }

    /** What the settings of the server would end now of deleted runs, logged models and records of predictions. */
    public JsonNode previewOfServer() {
        return http.get(of(new Scope.Server()).path("preview"), READ).json();
    }

    /** Ends what {@link #previewOfServer} tells of. */
    public JsonNode runOfServer(String reason) {
        return send("POST", of(new Scope.Server()).path("run"), ModelCalls.body(reason));
    }

    /** Holds a version. */
    public void hold(ModelName model, SemVer version, String reason) {
        change(model, version, "hold", reason);
    }

    /** Lets go of a version that is held. */
    public void release(ModelName model, SemVer version, String reason) {
        change(model, version, "release", reason);
    }

    private void change(ModelName model, SemVer version, String act, String reason) {
        Address address = at("models", model.namespace(), model.name(), "versions", version.toString(), act);
        http.send("POST", address, Json.object().put("reason", reason), READ, Map.of());
    }

    /** What a collection would free. */
    public JsonNode estimate() {
        return send("POST", at("gc").query("dry_run", "true"), Json.object());
    }

    /** Begins a collection. */
    public JsonNode collect(String reason) {
        return send("POST", at("gc"), ModelCalls.body(reason));
    }

    /** How the last collection stands. */
    public JsonNode collection() {
        return http.get(at("gc"), READ).json();
    }

    private JsonNode send(String method, Address address, ObjectNode body) {
        return http.send(method, address, body, READ, Map.of()).json();
    }

    private Address of(Scope scope) {
        return switch (scope) {
            case Scope.Server _ -> at("retention", "server");
            case Scope.Namespace namespace -> at("retention", "namespaces", namespace.name());
            case Scope.Model model ->
                at("models", model.name().namespace(), model.name().name(), "retention");
        };
    }

    private Address at(String... segments) {
        Address address = Address.of(http.base(), "api", "v1");
        for (String segment : segments) {
            address.path(segment);
        }
        return address;
    }
}
