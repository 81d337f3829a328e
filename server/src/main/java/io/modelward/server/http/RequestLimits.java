package io.modelward.server.http;

import io.modelward.core.access.Principal;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * How often one may call: each caller by name, whoever has none by address; and how often an address may fail to say
 * who calls. Answers tell what is left by the headers of draft-ietf-httpapi-ratelimit-headers, which clients of the
 * Hugging Face Hub wait by.
 */
public final class RequestLimits {

    /** No limits. */
    public static final RequestLimits NONE = new RequestLimits(Optional.empty(), Optional.empty());

    /** The header that says what is left. */
    static final String LEFT = "RateLimit";
    /** The header that says what the limit is; it goes with every {@link #LEFT}. */
    static final String POLICY = "RateLimit-Policy";

    private final @Nullable TokenBuckets requests;
    private final @Nullable TokenBuckets failures;
    private final @Nullable HttpField policy;

    /**
     * @param requests of each caller; empty: as many as one likes
     * @param failures to prove who one is, of each address
     */
    public RequestLimits(Optional<RateLimit> requests, Optional<RateLimit> failures) {
        this.requests = requests.map(RateLimit::buckets).orElse(null);
        this.failures = failures.map(RateLimit::buckets).orElse(null);
        this.policy = requests.map(limit -> (HttpField) new PreEncodedHttpField(POLICY, limit.policy()))
                .orElse(null);
    }

    /**
     * Counts a request and says in the answer's headers what is left.
     *
     * @throws ProblemException OVERLOADED when the caller has none left
     */
    void count(Request request, Principal principal, HttpFields.Mutable answer) {
        TokenBuckets buckets = requests;
        if (buckets == null) {
            return;
        }
        String key = principal.equals(Principal.ANONYMOUS) ? ClientAddress.network(request) : principal.name();
        TokenBuckets.Take take = buckets.take(key, System.nanoTime());
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(take.nanos() + 999_999_999));
        if (policy != null) {
            answer.put(policy);
        }
        answer.put(LEFT, "\"default\";r=" + take.remaining() + ";t=" + seconds);
        if (!take.taken()) {
            throw tooMany("You call too often. Wait as long as Retry-After says.", seconds);
        }
    }

    /**
     * What a failure to say who one is means for its caller: itself, or OVERLOADED when the caller's address has failed
     * too often. One who proves who they are is let in whatever others at the same address do: so this is asked after a
     * failure, and {@link #exhausted} before a password is looked at.
     */
    ProblemException failed(Request request, ProblemException failure) {
        TokenBuckets buckets = failures;
        boolean claims = request.getHeaders().contains(HttpHeader.AUTHORIZATION)
                || request.getHeaders().contains(HttpHeader.COOKIE);
        // Who sends nothing tries nothing.
        if (buckets == null || !claims || failure.problem().type() != ProblemType.UNAUTHENTICATED) {
            return failure;
        }
        TokenBuckets.Take take = buckets.take(ClientAddress.network(request), System.nanoTime());
        return take.taken()
                ? failure
                : tooMany(
                        "Too many requests of this address did not prove who calls. Check the token, and try again"
                                + " later.",
                        Math.max(1, TimeUnit.NANOSECONDS.toSeconds(take.nanos() + 999_999_999)));
    }

    /** Whether the address of the request has failed too often: a door that takes guessable secrets asks no further. */
    public boolean exhausted(Request request) {
        TokenBuckets buckets = failures;
        return buckets != null && buckets.empty(ClientAddress.network(request), System.nanoTime());
    }

    private static ProblemException tooMany(String detail, long seconds) {
        return Problem.of(ProblemType.OVERLOADED, detail)
                .with("retry_after", seconds)
                .exception();
    }
}
