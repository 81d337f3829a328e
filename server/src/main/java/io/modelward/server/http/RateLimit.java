package io.modelward.server.http;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often one may do something, written {@code 600/1m}.
 *
 * @param count at once, and on average within each window
 */
public record RateLimit(long count, Duration window) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/([^/]+)");

    /**
     * @param key the setting that has the text
     * @throws StartRefused when the text is no such limit
     */
    public static RateLimit parse(String key, String text) {
        Matcher form = FORM.matcher(text);
        try {
            if (form.matches()) {
                Duration window = Durations.parse(form.group(2).strip(), key);
                long count = Long.parseLong(form.group(1));
                if (count > 0 && window.toSeconds() >= 1 && window.toDays() <= 1) {
                    return new RateLimit(count, window);
                }
            }
        } catch (ProblemException malformed) {
            // The sentence below says the same of the whole.
        }
        throw new StartRefused(key + " is a number of requests and the time for them, from 1s to 1d, such as 600/1m.");
    }

    TokenBuckets buckets() {
        return new TokenBuckets(count, window);
    }

    /** As the header {@code RateLimit-Policy} has it. */
    String policy() {
        return "\"default\";q=" + count + ";w=" + window.toSeconds();
    }
}
