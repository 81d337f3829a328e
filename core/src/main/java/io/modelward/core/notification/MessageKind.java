package io.modelward.core.notification;

/** Why the notices of a message are in one message. The names are kept in the catalog. */
public enum MessageKind {
    /** One notice, sent at once. */
    SINGLE,
    /** Of one event and one subject, after one of the same was sent. */
    REPEATS,
    /** What came in quiet hours. */
    QUIET,
    /** What came after more than a channel is sent in an hour. */
    SUMMARY
}
