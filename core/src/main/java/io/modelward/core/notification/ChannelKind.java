package io.modelward.core.notification;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a channel is told. The names are kept in the catalog. */
public enum ChannelKind {
    /** JSON that is posted to a URL, signed as webhooks are. */
    WEBHOOK,
    /** An incoming webhook of Slack, or of whatever reads its form. */
    SLACK,
    /** A mail to one address. */
    EMAIL;

    /** As people write it: {@code email}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ChannelKind> find(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
