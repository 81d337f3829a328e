package io.modelward.server.http;

import io.modelward.core.access.Principal;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Knows runs of training jobs by their tokens, also while access control is off and no other token is known. */
public final class RunCallers implements Authenticator {

    private static final String BEARER = "bearer ";

    private final Authenticator others;
    private final Predicate<String> mayBeOne;
    private final Function<String, Optional<Principal>> runs;

    /**
     * @param others knows all other callers
     * @param mayBeOne whether a text has the form of a run's token; does not wait
     * @param runs who comes with a token; empty when it is none of a run; may wait
     */
    public RunCallers(Authenticator others, Predicate<String> mayBeOne, Function<String, Optional<Principal>> runs) {
        this.others = others;
        this.mayBeOne = mayBeOne;
        this.runs = runs;
    }

    @Override
    public @Nullable Principal authenticate(Request request) {
        return token(request).isPresent() ? null : others.authenticate(request);
    }

    @Override
    public Principal waiting(Request request) {
        return token(request).flatMap(runs).orElseGet(() -> others.waiting(request));
    }

    private Optional<String> token(Request request) {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(given.substring(BEARER.length()).strip()).filter(mayBeOne)
                : Optional.empty();
    }
}
