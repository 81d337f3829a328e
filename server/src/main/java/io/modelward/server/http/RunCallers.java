package io.modelward.server.http;

import io.modelward.core.access.Principal;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Knows runs of training jobs by their tokens, also while access control is off and no other token is known. */
public final class RunCallers implements Authenticator {

    private static final String BEARER = "bearer ";

    private final Authenticator others;
    private final Function<String, Optional<Principal>> runs;

    /**
     * @param others knows all other callers
     * @param runs who comes with a token; empty when it is none of a run
     */
    public RunCallers(Authenticator others, Function<String, Optional<Principal>> runs) {
        this.others = others;
        this.runs = runs;
    }

    @Override
    public @Nullable Principal authenticate(Request request) {
        Optional<Principal> run = run(request);
        return run.isPresent() ? run.get() : others.authenticate(request);
    }

    @Override
    public Principal waiting(Request request) {
        return run(request).orElseGet(() -> others.waiting(request));
    }

    private Optional<Principal> run(Request request) {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? runs.apply(given.substring(BEARER.length()).strip())
                : Optional.empty();
    }
}
