package io.modelward.server.api;

import io.modelward.access.grant.GrantService;
import io.modelward.access.grant.UserService;
import io.modelward.access.token.TokenService;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.PageToken;
import io.modelward.registry.Page;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who the caller is; tokens, grants and users. */
public final class AccessDoor {

    private static final String ROOT = "/api/v1/access";
    private static final String TOKENS = ROOT + "/tokens";
    private static final String GRANTS = ROOT + "/grants";

    private final TokenService tokens;
    private final GrantService grants;
    private final UserService users;
    private final boolean on;

    /** @param on whether access control is on */
    public AccessDoor(TokenService tokens, GrantService grants, UserService users, boolean on) {
        this.tokens = tokens;
        this.grants = grants;
        this.users = users;
        this.on = on;
    }

    public void open(HttpRoute.Table routes) {
        routes.knownBlocking("GET", ROOT + "/whoami", this::whoami);
        routes.knownBlocking("POST", ROOT + "/logout", exchange -> {
            tokens.end(exchange.principal(), exchange.principal().via().address());
            return Reply.nothing();
        });
        routes.knownBlocking("GET", ROOT + "/explain", this::explain);
        routes.knownBlocking("POST", TOKENS, this::create);
        routes.knownBlocking("GET", TOKENS, this::list);
        routes.knownBlocking(
                "GET",
                TOKENS + "/{token}",
                exchange -> Reply.ok(json(tokens.get(exchange.path("token"), exchange.principal()))));
        routes.knownBlocking("DELETE", TOKENS + "/{token}", exchange -> {
            tokens.revoke(exchange.path("token"), exchange.reason(), exchange.principal());
            return Reply.nothing();
        });
        routes.knownBlocking("POST", GRANTS, this::add);
        routes.knownBlocking("GET", GRANTS, this::grants);
        routes.knownBlocking("DELETE", GRANTS + "/{grant}", exchange -> {
            grants.remove(exchange.path("grant"), exchange.reason(), exchange.principal());
            return Reply.nothing();
        });
        routes.blocking("GET", ROOT + "/users", Action.ADMINISTER, this::users);
        routes.blocking("POST", ROOT + "/users/disable", Action.ADMINISTER, exchange -> able(exchange, true));
        routes.blocking("POST", ROOT + "/users/enable", Action.ADMINISTER, exchange -> able(exchange, false));
    }

    private Reply whoami(Exchange exchange) {
        Principal caller = exchange.principal();
        ObjectNode json = Json.object()
                .put("access", on ? "on" : "off")
                .put("subject", caller.name())
                .put("verified", caller.proven())
                .put("credential", caller.via().credential());
        if (!caller.proven()) {
            return Reply.ok(json);
        }
        GrantService.Own own = grants.own(caller);
        if (!caller.credential().isEmpty()) {
            AccessToken token = tokens.current(caller);
            json.put("token_id", token.id()).put("expires_at", token.expiresAt().toString());
        }
        ArrayNode groups = json.putArray("groups");
        own.groups().forEach(groups::add);
        ArrayNode list = json.putArray("grants");
        own.grants().forEach(grant -> list.add(json(grant)));
        own.limits().ifPresent(limits -> {
            ArrayNode limited = json.putArray("limited_to");
            limits.forEach(permission -> limited.add(json(permission)));
        });
        return Reply.ok(json);
    }

    private Reply explain(Exchange exchange) {
        Subject subject = exchange.query("subject")
                .map(text -> Subject.parse("subject", text))
                .orElseGet(() -> Subject.parse("subject", exchange.principal().name()));
        Action action = GrantService.action(exchange.requiredQuery("action"));
        GrantService.Explanation told = grants.explain(
                subject, action, GrantService.resource(exchange.requiredQuery("on")), exchange.principal());
        ObjectNode json = Json.object()
                .put("subject", told.subject().toString())
                .put("action", told.action().label())
                .put("on", told.on())
                .put("allowed", told.allowed())
                .put("disabled", told.disabled());
        ArrayNode because = json.putArray("because");
        told.because().forEach(grant -> because.add(json(grant)));
        ArrayNode roles = json.putArray("roles_that_allow");
        told.roles().forEach(role -> roles.add(role.label()));
        ArrayNode givers = json.putArray("who_can_grant");
        told.givers().forEach(givers::add);
        return Reply.ok(json);
    }

    private Reply create(Exchange exchange) {
        Body body = exchange.body("name", "grants", "expires", "owner");
        TokenService.NewToken made = tokens.create(
                new TokenService.Wish(
                        body.required("name"),
                        permissions(body),
                        body.string("expires").map(tokens::end),
                        body.string("owner").map(text -> Subject.parse("owner", text))),
                exchange.principal());
        return Reply.of(201, json(made.token()).put("token", made.text()));
    }

    private static List<Permission> permissions(Body body) {
        JsonNode list = body.member("grants");
        List<Permission> permissions = new ArrayList<>();
        for (JsonNode one : list) {
            if (!list.isArray() || !one.isObject() || one.size() != 2) {
                throw ProblemException.invalid(
                        "grants", "grants is a list of objects, each with role and scope and nothing else.");
            }
            permissions.add(new Permission(
                    Role.parse("grants.role", text(one, "role")), Scope.parse("grants.scope", text(one, "scope"))));
        }
        return permissions;
    }

    private static String text(JsonNode one, String member) {
        if (!one.path(member).isString()) {
            throw ProblemException.invalid(
                    "grants." + member, "Each of the grants has a " + member + ", which is text.");
        }
        return one.path(member).asString();
    }

    private Reply list(Exchange exchange) {
        Page<AccessToken> page =
                tokens.list(exchange.flag("all"), exchange.pageBefore(), exchange.pageSize(), exchange.principal());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("tokens");
        page.items().forEach(token -> list.add(json(token)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private ObjectNode json(AccessToken token) {
        ObjectNode json = Json.object()
                .put("id", token.id())
                .put("name", token.name())
                .put("owner", token.owner().toString())
                .put("kind", token.kind().name().toLowerCase(Locale.ROOT));
        token.permissions().ifPresent(limits -> {
            ArrayNode list = json.putArray("grants");
            limits.forEach(permission -> list.add(json(permission)));
        });
        json.put("created_at", token.createdAt().toString())
                .put("expires_at", token.expiresAt().toString());
        token.revokedAt().ifPresent(at -> json.put("revoked_at", at.toString()));
        tokens.used(token).ifPresent(at -> json.put("used_at", at.toString()));
        return json;
    }

    private static ObjectNode json(Permission permission) {
        return Json.object()
                .put("role", permission.role().label())
                .put("scope", permission.scope().toString());
    }

    private static ObjectNode json(Grant grant) {
        ObjectNode json = Json.object()
                .put("id", grant.id())
                .put("subject", grant.subject().toString())
                .put("role", grant.permission().role().label())
                .put("scope", grant.permission().scope().toString())
                .put("granted_at", grant.made().at().toString());
        json.set("granted_by", RegistryJson.who(grant.made()));
        return json.put("reason", grant.made().reason());
    }

    private Reply add(Exchange exchange) {
        Body body = exchange.body("subject", "role", "scope", "reason");
        return Reply.of(
                201,
                json(grants.add(
                        Subject.parse("subject", body.required("subject")),
                        new Permission(
                                Role.parse("role", body.required("role")),
                                Scope.parse("scope", body.required("scope"))),
                        body.string("reason").orElse(""),
                        exchange.principal())));
    }

    private Reply grants(Exchange exchange) {
        Page<Grant> page = grants.list(
                exchange.query("subject").map(text -> Subject.parse("subject", text)),
                exchange.pageBefore(),
                exchange.pageSize(),
                exchange.principal());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("grants");
        page.items().forEach(grant -> list.add(json(grant)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private Reply users(Exchange exchange) {
        Page<KnownSubject> page = users.list(exchange.pageToken().orElse(""), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("users");
        page.items().forEach(user -> list.add(json(user)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private Reply able(Exchange exchange, boolean disabled) {
        Body body = exchange.body("subject", "reason");
        return Reply.ok(json(users.disable(
                Subject.parse("subject", body.required("subject")),
                disabled,
                body.string("reason").orElse(""),
                exchange.principal())));
    }

    private static ObjectNode json(KnownSubject user) {
        ObjectNode json =
                Json.object().put("subject", user.subject().toString()).put("shown", user.shown());
        ArrayNode groups = json.putArray("groups");
        user.groups().stream().sorted().forEach(groups::add);
        if (user.toldAt().isAfter(Instant.EPOCH)) {
            json.put("seen_at", user.toldAt().toString());
        }
        json.put("disabled", user.disabled());
        user.disabledAt().ifPresent(at -> json.put("disabled_at", at.toString()));
        return json;
    }
}
