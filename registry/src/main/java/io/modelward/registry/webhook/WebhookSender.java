package io.modelward.registry.webhook;

import io.modelward.core.webhook.WebhookUrl;
import java.util.Map;
import java.util.OptionalLong;

/** Posts to webhooks. Blocking, for a bounded time; may be called from any number of threads. */
public interface WebhookSender extends AutoCloseable {

    /** How much of an answer is kept. */
    int KEPT = 1024;

    /** The outcome of a try. */
    sealed interface Outcome {

        /**
         * The receiver answered.
         *
         * @param body at most {@link #KEPT} bytes of it
         * @param retryAfter seconds that the receiver asks for
         */
        record Answered(int status, String body, OptionalLong retryAfter) implements Outcome {

            /** A sentence about an answer whose status is not 2xx. */
            public String words() {
                return status / 100 == 3
                        ? "The receiver answered " + status + ", a redirect, which is not followed."
                        : "The receiver answered " + status + ".";
            }
        }

        /**
         * There was no answer.
         *
         * @param why a sentence for whoever made the webhook
         * @param again whether trying again may help
         */
        record Failed(String why, boolean again) implements Outcome {}
    }

    /**
     * Posts the body with these headers besides those of HTTP itself. Redirects are answers like others and not
     * followed.
     */
    Outcome post(WebhookUrl url, Map<String, String> headers, byte[] body);

    /**
     * Refuses a private host, as far as its addresses are known now. A name that is unknown, or not looked up soon, is
     * not refused.
     *
     * @throws Destinations.Refused when it is private
     */
    void check(WebhookUrl url) throws Destinations.Refused;

    @Override
    default void close() {}
}
