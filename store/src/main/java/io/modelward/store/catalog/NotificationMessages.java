package io.modelward.store.catalog;

import io.modelward.core.notification.ChannelStanding;
import io.modelward.core.notification.MessageKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.NotificationMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is to be sent to channels, and the notices in it. Channels are named by their ids. */
public interface NotificationMessages {

    /** The message that tells, or told, a channel last of an event of a subject. */
    record Latest(long message, Instant due) {}

    Optional<Latest> latest(String channel, Notice notice);

    /** A new message without notices. */
    NotificationMessage add(String channel, MessageKind kind, Instant due, Instant at);

    /**
     * Puts a notice into a message, which is the latest of the notice's event and subject from now on. When
     * {@code most} are in it, the notice is only counted.
     */
    void join(NotificationMessage message, Notice notice, long most);

    Optional<NotificationMessage> find(String channel, long number);

    /** The first message of a kind that notices may still join. */
    Optional<NotificationMessage> open(String channel, MessageKind kind);

    /** As above, among those that are due then. */
    Optional<NotificationMessage> open(String channel, MessageKind kind, Instant due);

    /** When the messages between two times, both left out, are due: how many there are, and the first time. */
    record Window(long messages, Optional<Instant> first) {}

    Window window(String channel, Instant after, Instant before);

    /** How many notices of each event are in a message, the most first; those left out are not among them. */
    Map<NotificationEvent, Long> counts(NotificationMessage message);

    /** The newest notices of a message, newest first. */
    List<Notice> newest(NotificationMessage message, int limit);

    /** Of each channel the message that is to be tried by now, longest due first, at most {@code limit}. */
    List<NotificationMessage> due(Instant now, int limit);

    /** The message, if it waits to be tried by now. */
    Optional<NotificationMessage> due(String channel, long number, Instant now);

    /** Keeps content, state, tries, times, status and error. */
    void update(NotificationMessage message);

    /** Makes the messages of a channel that were tried in vain due by {@code at}. */
    void hasten(String channel, Instant at);

    ChannelStanding standing(String channel);

    /** Those with a number below {@code before}, newest first, at most {@code limit}. */
    List<NotificationDelivery> deliveries(String channel, long before, int limit);

    /**
     * Forgets messages that ended before a time with their notices, at most {@code limit}, and of the notices of each
     * channel all but the newest {@code most}; answers how many messages.
     */
    int forget(Instant before, long most, int limit);
}
