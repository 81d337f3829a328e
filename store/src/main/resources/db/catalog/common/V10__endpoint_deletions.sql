-- Deletions of endpoints. An endpoint is deleted while a row names its current revision: one that is created again goes on with the next
-- revision. changed_at: microseconds.
CREATE TABLE endpoint_deletions (
    endpoint ${text} NOT NULL REFERENCES endpoints (endpoint),
    revision ${long} NOT NULL,
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    PRIMARY KEY (endpoint, revision)
)${strict};
