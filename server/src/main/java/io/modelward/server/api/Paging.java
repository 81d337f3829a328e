package io.modelward.server.api;

import io.modelward.core.problem.ProblemException;
import io.modelward.server.http.Exchange;

/** Pages of lists that are numbered, newest first. */
final class Paging {

    private Paging() {}

    /** The number that the page's items are below. */
    static long before(Exchange exchange) {
        return exchange.pageToken()
                .map(token -> {
                    if (!token.matches("[0-9]{1,18}")) {
                        throw ProblemException.invalid(
                                "page_token", "Pass the next_page_token of the page before, unchanged.");
                    }
                    return Long.parseLong(token);
                })
                .orElse(Long.MAX_VALUE);
    }
}
