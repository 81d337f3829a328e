package io.modelward.core.notification;

import java.util.Optional;

/**
 * How the messages of a channel stand.
 *
 * @param waiting how many are to be sent, now or later
 * @param last the message that was tried last
 */
public record ChannelStanding(long waiting, Optional<NotificationMessage> last) {}
