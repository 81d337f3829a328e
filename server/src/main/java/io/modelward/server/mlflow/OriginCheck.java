package io.modelward.server.mlflow;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Exchange;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Refuses changes that a page of another site asks for. Programs send no Origin; browsers always do. */
final class OriginCheck {

    private OriginCheck() {}

    static void check(Exchange exchange) {
        Optional<String> origin = exchange.header("Origin");
        if (origin.isPresent() && !own(origin.get(), exchange.header("Host").orElse(""))) {
            throw Problem.field(ProblemType.FORBIDDEN, "Origin", "Pages of other sites may not change anything here.")
                    .exception();
        }
    }

    private static boolean own(String origin, String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
