package io.modelward.registry.webhook;

import io.modelward.core.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The token of the page that follows a number. */
final class PageNumber {

    private static final String MARK = "webhooks-below-";

    private PageNumber() {}

    static String write(long number) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((MARK + number).getBytes(StandardCharsets.US_ASCII));
    }

    static long read(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            if (text.matches(MARK + "[0-9]{1,18}")) {
                return Long.parseLong(text.substring(MARK.length()));
            }
        } catch (IllegalArgumentException malformed) {
            // Answered below.
        }
        throw ProblemException.invalid("page_token", "Pass the next_page_token of the page before, unchanged.");
    }
}
