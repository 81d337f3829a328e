package io.modelward.server.login;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.token.LogIns;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Via;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.PageCookie;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;

/** Sessions and tokens in memory, and who brings one. */
final class FakeLogIns implements LogIns, Authenticator {

    final Map<String, ProvenIdentity> sessions = new ConcurrentHashMap<>();
    final Map<String, ProvenIdentity> tokens = new ConcurrentHashMap<>();
    final Set<String> disabled = ConcurrentHashMap.newKeySet();
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public Made token(ProvenIdentity who, String address) {
        return made(tokens, who, address);
    }

    @Override
    public Made session(ProvenIdentity who, String address) {
        return made(sessions, who, address);
    }

    private Made made(Map<String, ProvenIdentity> place, ProvenIdentity who, String address) {
        asked.incrementAndGet();
        if (disabled.contains(who.subject())) {
            throw Problem.of(ProblemType.UNAUTHENTICATED, "the person was disabled")
                    .exception();
        }
        if (!address.equals("127.0.0.1")) {
            throw new AssertionError(address);
        }
        String text = "text-" + asked.get();
        place.put(text, who);
        return new Made("id-" + text, text, Instant.now().plusSeconds(600));
    }

    @Override
    public void end(Principal caller, String address) {
        sessions.remove(caller.credential());
    }

    @Override
    public Principal authenticate(Request request) {
        String session = PageCookie.SESSION.of(request).orElse("");
        ProvenIdentity who = sessions.get(session);
        if (who == null) {
            throw Problem.of(ProblemType.UNAUTHENTICATED, "no such session").exception();
        }
        return new Principal(
                Subject.user(who.issuer(), who.subject()).toString(),
                true,
                new Via("session", "127.0.0.1"),
                session,
                Set.of());
    }
}
