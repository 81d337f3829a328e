package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * Refuses requests of pages of other sites, at every address, unless the request only reads. Programs send neither of
 * the two headers; browsers send at least one with each request that could change something, and no page can leave them
 * out.
 */
final class OriginCheck {

    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS");

    private final Set<String> hosts;

    /**
     * @param hosts names that the server answers to besides its own: a proxy may tell another Host than the browser's
     */
    OriginCheck(Set<String> hosts) {
        this.hosts = new HashSet<>();
        hosts.forEach(host -> this.hosts.add(host.toLowerCase(Locale.ROOT)));
    }

    void check(Request request) {
        if (LOOKING.contains(request.getMethod())) {
            return;
        }
        HttpFields headers = request.getHeaders();
        Optional<String> origin = Optional.ofNullable(headers.get("Origin"));
        String site = Optional.ofNullable(headers.get("Sec-Fetch-Site")).orElse("none");
        boolean foreign = origin.isPresent()
                ? !isOwn(origin.get(), host(request))
                : site.equals("cross-site") || site.equals("same-site");
        if (foreign) {
            throw Problem.field(ProblemType.FORBIDDEN, "Origin", "Pages of other sites may not change anything here.")
                    .exception();
        }
    }

    /** What the browser called, as far as it is told. */
    private static String host(Request request) {
        return ClientAddress.word(request)
                .map(Proxies.Word::host)
                .or(() -> Optional.ofNullable(request.getHeaders().get("Host")))
                .orElse("");
    }

    private boolean isOwn(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            String authority = uri.getRawAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(host)
                            || (uri.getHost() != null
                                    && hosts.contains(uri.getHost().toLowerCase(Locale.ROOT))));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
