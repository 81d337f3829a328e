package io.modelward.client;

import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who the caller is; tokens, grants and users. Reached through {@link ModelwardClient#access()}; throws as that does. */
public final class AccessCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;
    private final ModelwardClient.Lists lists;

    AccessCalls(Http http, ModelwardClient.Lists lists) {
        this.http = http;
        this.lists = lists;
    }

    public JsonNode whoami() {
        return http.get(at("whoami"), READ).json();
    }

    /** How a program logs in here, see {@link DeviceLogIn}; open to everybody. */
    public JsonNode logIn() {
        return http.get(at("login"), READ).json();
    }

    /** A token for the ID token of the server's provider: {@code {"id", "token", "expires_at", "subject"}}. */
    public JsonNode logIn(String idToken) {
        return send(at("login"), Json.object().put("id_token", idToken));
    }

    /** Ends the token that this client has. */
    public void logOut() {
        send(at("logout"), Json.object());
    }

    /** Makes a token; its text is in {@code token}, this once. */
    public JsonNode createToken(TokenCall call) {
        return send(at("tokens"), call.json());
    }

    /**
     * {@code {"tokens": […]}}, newest first, those that ended too.
     *
     * @param all everybody's, which needs an administrator
     */
    public JsonNode tokens(boolean all, int limit) {
        return lists.all(() -> all ? at("tokens").query("all", "true") : at("tokens"), "tokens", limit);
    }

    public void revokeToken(String id, String reason) {
        http.delete(ModelCalls.with(at("tokens", id), reason), READ, Map.of());
    }

    public JsonNode grant(String subject, String role, String scope, String reason) {
        ObjectNode body = ModelCalls.body(reason).put("subject", subject).put("role", role);
        return send(at("grants"), body.put("scope", scope));
    }

    /** {@code {"grants": […]}}, newest first. */
    public JsonNode grants(Optional<String> subject, int limit) {
        return lists.all(
                () -> {
                    Address address = at("grants");
                    return subject.map(name -> address.query("subject", name)).orElse(address);
                },
                "grants",
                limit);
    }

    public void removeGrant(String id, String reason) {
        http.delete(ModelCalls.with(at("grants", id), reason), READ, Map.of());
    }

    /**
     * Whether somebody may do something, and why.
     *
     * @param on {@code *}, {@code model:NAMESPACE/NAME}, {@code endpoint:NAME} or {@code experiment:NAME}
     */
    public JsonNode explain(String subject, String action, String on) {
        return http.get(
                        at("explain")
                                .query("subject", subject)
                                .query("action", action)
                                .query("on", on),
                        READ)
                .json();
    }

    /** {@code {"users": […]}} by subject. */
    public JsonNode users(int limit) {
        return lists.all(() -> at("users"), "users", limit);
    }

    /** Shuts somebody out, with all tokens and sessions; or lets them in again. */
    public JsonNode disable(String subject, boolean disabled, String reason) {
        ObjectNode body = ModelCalls.body(reason).put("subject", subject);
        return send(at("users", disabled ? "disable" : "enable"), body);
    }

    private JsonNode send(Address address, ObjectNode body) {
        return http.send("POST", address, body, READ, Map.of()).json();
    }

    private Address at(String... segments) {
        return Address.of(
                http.base(),
                Stream.concat(Stream.of("api", "v1", "access"), Stream.of(segments))
                        .toArray(String[]::new));
    }
}
