package io.modelward.registry.webhook;

import io.modelward.core.webhook.WebhookUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Which addresses a webhook's host has, and whether they may be connected to. A sender connects to an address that it
 * got here for this one connection, and does not look the name up again: the name may mean another address by then.
 *
 * @param allowPrivate whether private addresses may be reached too
 */
public record Destinations(Resolver resolver, boolean allowPrivate) {

    /** Finds the addresses of a name. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** The destination may not be reached. */
    public static final class Refused extends Exception {
        private final String why;

        Refused(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        /** In words for whoever made the webhook. */
        public String why() {
            return why;
        }
    }

    /**
     * The addresses to connect to, best first.
     *
     * @throws Refused when any of them is private: one such answer among others is an attempt
     */
    public List<InetAddress> of(WebhookUrl url) throws UnknownHostException, Refused {
        InetAddress[] found =
                url.address().isPresent() ? new InetAddress[] {url.address().get()} : resolver.resolve(url.host());
        for (InetAddress address : found) {
            if (!allowPrivate && !AddressRule.isPublic(address)) {
                // Which address it is would tell the caller about this network.
                throw new Refused("The host of the URL has an address that is not public.");
            }
        }
        return List.of(found);
    }
}
