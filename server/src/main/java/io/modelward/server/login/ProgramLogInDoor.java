package io.modelward.server.login;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.oidc.LogInFailed;
import io.modelward.access.oidc.ProgramLogIn;
import io.modelward.access.token.LogIns;
import io.modelward.core.access.Subject;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log-in of programs that have no browser: what a program needs to ask the provider (RFC 8628), and a token for the
 * ID token that the provider gave. Both are open: nobody is known yet.
 */
public final class ProgramLogInDoor {

    private static final String LOG_IN = "/api/v1/access/login";

    private final Optional<ProgramLogIn> provider;
    private final LogIns logIns;
    private final boolean on;

    /**
     * @param provider empty when no provider is in the settings
     * @param on whether callers must be known at all
     */
    public ProgramLogInDoor(Optional<ProgramLogIn> provider, LogIns logIns, boolean on) {
        this.provider = provider;
        this.logIns = logIns;
        this.on = on;
    }

    public void open(HttpRoute.Table routes) {
        routes.openBlocking("GET", LOG_IN, exchange -> Reply.ok(described()));
        routes.openBlocking("POST", LOG_IN, this::logIn);
    }

    private ObjectNode described() {
        ObjectNode json = Json.object().put("access", on ? "on" : "off");
        if (provider.isEmpty()) {
            return json;
        }
        ProgramLogIn logIn = provider.get();
        json.put("issuer", logIn.issuer()).put("client_id", logIn.client()).put("scopes", logIn.scopes());
        try {
            ProgramLogIn.Endpoints endpoints = logIn.endpoints();
            endpoints.device().ifPresent(url -> json.put("device_authorization_endpoint", url.toString()));
            endpoints.token().ifPresent(url -> json.put("token_endpoint", url.toString()));
            return json;
        } catch (LogInFailed away) {
            throw away();
        }
    }

    private Reply logIn(Exchange exchange) {
        String idToken = exchange.body("id_token").required("id_token");
        ProvenIdentity identity = prove(idToken);
        LogIns.Made made;
        try {
            made = logIns.token(identity, ClientAddress.of(exchange.request()));
        } catch (ProblemException refused) {
            throw refused.problem().type() == ProblemType.UNAUTHENTICATED ? refused() : refused;
        }
        return Reply.ok(Json.object()
                        .put("id", made.id())
                        .put("token", made.text())
                        .put("expires_at", made.expires().toString())
                        .put(
                                "subject",
                                Subject.user(identity.issuer(), identity.subject())
                                        .toString()))
                .with("Cache-Control", "no-store");
    }

    private ProvenIdentity prove(String idToken) {
        if (provider.isEmpty()) {
            throw refused();
        }
        try {
            return provider.get().prove(idToken);
        } catch (LogInFailed failed) {
            throw failed.kind() == LogInFailed.Kind.AWAY ? away() : refused();
        }
    }

    /** One text for all reasons, so that nobody learns by it which part of a made-up token is right. */
    private static ProblemException refused() {
        return Problem.field(
                        ProblemType.UNAUTHENTICATED,
                        "id_token",
                        "The ID token proves nothing here. Log in at the identity provider again; GET " + LOG_IN
                                + " says at which one.")
                .exception();
    }

    private static ProblemException away() {
        return Problem.of(ProblemType.UNAVAILABLE, "The identity provider cannot be reached now. Try again later.")
                .with("retry_after", 30)
                .exception();
    }
}
