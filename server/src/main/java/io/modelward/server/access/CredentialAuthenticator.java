package io.modelward.server.access;

import io.modelward.access.identity.JwtVerifier;
import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.state.AccessState;
import io.modelward.access.state.TokenText;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Via;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.ClientCertificate;
import io.modelward.server.http.PageCookie;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by what they send: a token or a signed token of an identity provider as Bearer, the same as the
 * password of Basic (the name beside it is not looked at), the session of a browser's cookie, or a client certificate.
 * A credential that is sent decides alone: when it is not valid, no other one is looked at. All that is not valid is
 * refused in the same words.
 */
public final class CredentialAuthenticator implements Authenticator {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS");

    private final AccessState state;
    private final JwtVerifier jwts;

    public CredentialAuthenticator(AccessState state, JwtVerifier jwts) {
        this.state = state;
        this.jwts = jwts;
    }

    @Override
    public @Nullable Principal authenticate(Request request) {
        return find(request, false);
    }

    @Override
    public Principal waiting(Request request) {
        Principal found = find(request, true);
        if (found == null) {
            throw AccessState.invalid();
        }
        return found;
    }

    private @Nullable Principal find(Request request, boolean waiting) {
        state.requireFresh();
        HttpFields headers = request.getHeaders();
        List<String> authorizations = headers.getValuesList(HttpHeader.AUTHORIZATION);
        if (authorizations.size() > 1) {
            throw AccessState.invalid();
        }
        if (authorizations.size() == 1) {
            return bearer(request, secret(authorizations.getFirst()), waiting);
        }
        Optional<String> session = PageCookie.SESSION.of(request);
        if (session.isPresent()) {
            return session(request, session.get());
        }
        return ClientCertificate.of(request)
                .map(certificate -> certificate(request, certificate))
                .orElseThrow(CredentialAuthenticator::nobody);
    }

    private static String secret(String authorization) {
        String scheme = authorization.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (scheme.startsWith(BASIC)) {
            try {
                String pair = new String(
                        Base64.getDecoder()
                                .decode(authorization.substring(BASIC.length()).strip()),
                        StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException malformed) {
                throw AccessState.invalid();
            }
        }
        throw AccessState.invalid();
    }

    private @Nullable Principal bearer(Request request, String secret, boolean waiting) {
        if (JwtVerifier.looksLikeOne(secret)) {
            Optional<Optional<ProvenIdentity>> remembered = jwts.remembered(secret);
            if (remembered.isEmpty() && !waiting) {
                return null;
            }
            ProvenIdentity proven =
                    remembered.orElseGet(() -> jwts.verify(secret)).orElseThrow(AccessState::invalid);
            String name = Subject.user(proven.issuer(), proven.subject()).toString();
            return known(new Principal(name, true, new Via(Via.JWT, ClientAddress.of(request)), "", proven.groups()));
        }
        AccessToken token = state.use(TokenText.TOKEN, secret).orElseThrow(AccessState::invalid);
        return principal(request, token, token.name());
    }

    private Principal known(Principal principal) {
        if (state.subject(principal.name()).filter(known -> known.disabled()).isPresent()) {
            throw AccessState.invalid();
        }
        return principal;
    }

    private static Principal principal(Request request, AccessToken token, String shown) {
        return new Principal(
                token.owner().toString(), true, new Via(shown, ClientAddress.of(request)), token.id(), Set.of());
    }

    /** A page of another site can make a browser send its cookie: a change is taken from a page of this server only. */
    private Principal session(Request request, String text) {
        AccessToken token = state.use(TokenText.SESSION, text).orElseThrow(AccessState::invalid);
        HttpFields headers = request.getHeaders();
        // That a page of another site sent it, the server has found out by these before; here one must be there.
        if (!LOOKING.contains(request.getMethod())
                && headers.get("Origin") == null
                && headers.get("Sec-Fetch-Site") == null) {
            throw Problem.field(
                            ProblemType.FORBIDDEN,
                            "Origin",
                            "A session changes something from a page of this server only. Programs use a token.")
                    .exception();
        }
        return principal(request, token, "session");
    }

    private Principal certificate(Request request, ClientCertificate certificate) {
        Subject subject;
        try {
            subject = Subject.parse("certificate", "certificate:" + certificate.name());
        } catch (ProblemException noName) {
            throw AccessState.invalid();
        }
        return known(new Principal(
                subject.toString(), true, new Via("certificate", ClientAddress.of(request)), "", Set.of()));
    }

    private static ProblemException nobody() {
        return Problem.of(
                        ProblemType.UNAUTHENTICATED,
                        "This server answers to known callers only. Send a token: Authorization: Bearer mwt_…, or as"
                                + " the password of Basic. modelward login gets one, or an administrator makes one.")
                .exception();
    }
}
