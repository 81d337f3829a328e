-- Which rollout made a route revision, and in which of its steps (from 0).
ALTER TABLE route_revisions ADD COLUMN rollout TEXT;
ALTER TABLE route_revisions ADD COLUMN step ${long};

-- attended: 1 while a process drives it; a clean stop sets 0, so that a start finds out whether the last one died.
-- document: the rollout as JSON; state repeats its state for queries. version counts its changes, for compare-and-set.
CREATE TABLE rollouts (
    id TEXT NOT NULL PRIMARY KEY,
    endpoint TEXT NOT NULL REFERENCES endpoints (endpoint),
    number ${long} NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    version ${long} NOT NULL,
    attended ${long} NOT NULL,
    document TEXT NOT NULL,
    idempotency_key TEXT,
    request TEXT NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (endpoint, number),
    UNIQUE (endpoint, idempotency_key)
)${strict};
CREATE UNIQUE INDEX rollouts_one_at_work ON rollouts (endpoint) WHERE phase = 'at_work';

-- What was counted of the requests admitted within one tick. The key makes counting a tick twice impossible.
CREATE TABLE evidence (
    rollout TEXT NOT NULL REFERENCES rollouts (id),
    tick ${long} NOT NULL,
    guardrail TEXT NOT NULL,
    revision ${long} NOT NULL,
    split ${long} NOT NULL,
    n_canary ${long} NOT NULL,
    x_canary ${long} NOT NULL,
    n_active ${long} NOT NULL,
    x_active ${long} NOT NULL,
    PRIMARY KEY (rollout, tick, guardrail)
)${strict};

-- The hashes of callers' keys that were first seen in a tick: a key is scored once in a rollout, also over a restart.
CREATE TABLE evidence_keys (
    rollout TEXT NOT NULL,
    tick ${long} NOT NULL,
    keys ${bytes} NOT NULL,
    PRIMARY KEY (rollout, tick)
)${strict};

-- Versions that were rolled back from an endpoint; one may serve again when its row is released.
CREATE TABLE quarantines (
    endpoint TEXT NOT NULL REFERENCES endpoints (endpoint),
    digest TEXT NOT NULL,
    rollout TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    since ${long} NOT NULL,
    why TEXT NOT NULL,
    released_at ${long},
    PRIMARY KEY (endpoint, digest, rollout)
)${strict};
