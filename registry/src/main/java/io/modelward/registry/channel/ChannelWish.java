package io.modelward.registry.channel;

import java.util.List;
import java.util.Optional;

/**
 * A channel as a caller asks for it. One of webhook, slack and email says where it goes.
 *
 * @param secret what messages to a webhook are signed with; empty text: none from now on; absent: as it is
 * @param events labels; none: all
 * @param models as {@code namespace/name} or {@code namespace/*}; none: all
 * @param endpoints names; none: all
 * @param quiet as {@code 22:00-07:00}
 * @param zone the time zone of the quiet hours
 * @param repeat a duration such as {@code 1h}, which is what it is when absent
 */
public record ChannelWish(
        Optional<String> webhook,
        Optional<String> slack,
        Optional<String> email,
        Optional<String> secret,
        List<String> events,
        List<String> models,
        List<String> endpoints,
        Optional<String> quiet,
        Optional<String> zone,
        Optional<String> repeat) {}
