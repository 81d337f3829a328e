-- Notices that no channel has been given yet, in order. Times: microseconds. facts: a JSON object of texts.
CREATE TABLE notices (
    number ${long} NOT NULL PRIMARY KEY,
    event ${text} NOT NULL,
    subject ${text} NOT NULL,
    model ${text},
    endpoint ${text},
    title ${text} NOT NULL,
    body ${text} NOT NULL,
    facts ${text} NOT NULL,
    path ${text} NOT NULL,
    at ${long} NOT NULL
)${strict};

-- Where notices go. target: where to, sealed with the key of the data directory unless it is a mail address; shown: the target as people
-- may see it; secret: what messages are signed with, sealed. events, models, endpoints: JSON lists, of which an empty one means all.
-- quiet: from-until as 22:00-07:00, in zone. last_message, last_delivery: the newest numbers.
CREATE TABLE notification_channels (
    id ${text} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL UNIQUE,
    kind ${text} NOT NULL,
    target ${text} NOT NULL,
    shown ${text} NOT NULL,
    secret ${text},
    events ${text} NOT NULL,
    models ${text} NOT NULL,
    endpoints ${text} NOT NULL,
    quiet ${text},
    zone ${text},
    repeat_seconds ${long} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    last_message ${long} NOT NULL,
    last_delivery ${long} NOT NULL
)${strict};

-- What is sent to a channel, one or more notices in each. due: when it is sent at first, and until when notices may join it; content:
-- what is sent, written at the first try, empty before it and when it has ended; deliveries: how many notices are in it; left_out: how many more are only counted.
CREATE TABLE notification_messages (
    channel ${text} NOT NULL REFERENCES notification_channels (id) ON DELETE CASCADE,
    number ${long} NOT NULL,
    kind ${text} NOT NULL,
    due ${long} NOT NULL,
    content ${text} NOT NULL,
    deliveries ${long} NOT NULL,
    left_out ${long} NOT NULL,
    created_at ${long} NOT NULL,
    state ${text} NOT NULL,
    waiting ${long} NOT NULL,
    tries ${long} NOT NULL,
    next_try ${long} NOT NULL,
    tried_at ${long},
    status ${long} NOT NULL,
    error ${text} NOT NULL,
    PRIMARY KEY (channel, number)
)${strict};
CREATE INDEX notification_messages_waiting ON notification_messages (channel, next_try, number) WHERE waiting = 1;
CREATE INDEX notification_messages_due ON notification_messages (channel, due);
CREATE INDEX notification_messages_tried ON notification_messages (channel, tried_at);
CREATE INDEX notification_messages_ended ON notification_messages (tried_at) WHERE waiting = 0;

-- A notice on its way to a channel: its state is that of its message. notice: the whole of it, as JSON.
CREATE TABLE notification_deliveries (
    channel ${text} NOT NULL REFERENCES notification_channels (id) ON DELETE CASCADE,
    number ${long} NOT NULL,
    message ${long} NOT NULL,
    event ${text} NOT NULL,
    title ${text} NOT NULL,
    notice ${text} NOT NULL,
    at ${long} NOT NULL,
    PRIMARY KEY (channel, number)
)${strict};
CREATE INDEX notification_deliveries_by_message ON notification_deliveries (channel, message, number);

-- When a channel was, or will be, told last of an event of a subject, and by which message.
CREATE TABLE notification_groups (
    channel ${text} NOT NULL REFERENCES notification_channels (id) ON DELETE CASCADE,
    event ${text} NOT NULL,
    subject ${text} NOT NULL,
    message ${long} NOT NULL,
    due ${long} NOT NULL,
    PRIMARY KEY (channel, event, subject)
)${strict};
CREATE INDEX notification_groups_by_due ON notification_groups (due);
