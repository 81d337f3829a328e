-- Webhooks, newest last. secret: sealed with the key of the data directory. last_delivery: the number of the newest delivery; dropped: how many events found
-- too many waiting.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    url TEXT NOT NULL,
    active ${long} NOT NULL,
    secret TEXT,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    last_delivery ${long} NOT NULL,
    dropped ${long} NOT NULL
)${strict};

-- place: where the event stands in the webhook's list.
CREATE TABLE webhook_events (
    webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    place ${long} NOT NULL,
    PRIMARY KEY (event, webhook)
)${strict};
CREATE INDEX webhook_events_by_webhook ON webhook_events (webhook, place);

-- What is to be sent and what became of it. A webhook's deliveries are numbered 1, 2, 3 … and end in that order, so that those that wait are the newest ones.
-- body: empty when it has ended; status: of the last answer, 0 when there was none.
CREATE TABLE webhook_deliveries (
    webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    sequence ${long} NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at ${long} NOT NULL,
    state TEXT NOT NULL,
    waiting ${long} NOT NULL,
    tries ${long} NOT NULL,
    next_try ${long} NOT NULL,
    tried_at ${long},
    status ${long} NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (webhook, sequence)
)${strict};
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook, sequence) WHERE waiting = 1;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (tried_at) WHERE waiting = 0;
CREATE INDEX webhook_deliveries_tried ON webhook_deliveries (webhook, tried_at);
