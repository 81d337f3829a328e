-- Who may do what. Every row has the revision of its last change, so that a server reads what changed since it looked last; rows of
-- grants and tokens stay when they end. Times: microseconds.
CREATE TABLE access_revision (
    id ${long} NOT NULL PRIMARY KEY,
    revision ${long} NOT NULL
)${strict};
INSERT INTO access_revision (id, revision) VALUES (1, 0);

-- Who was here. groups: a JSON list, as the identity provider told them at told_at.
CREATE TABLE access_subjects (
    subject ${text} NOT NULL PRIMARY KEY,
    shown ${text} NOT NULL,
    member_of ${text} NOT NULL,
    told_at ${long} NOT NULL,
    disabled_at ${long},
    revision ${long} NOT NULL
)${strict};
CREATE INDEX access_subjects_by_revision ON access_subjects (revision);

CREATE TABLE access_grants (
    number ${long} NOT NULL PRIMARY KEY,
    subject ${text} NOT NULL,
    role ${text} NOT NULL,
    scope ${text} NOT NULL,
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    removed_at ${long},
    revision ${long} NOT NULL
)${strict};
CREATE INDEX access_grants_by_revision ON access_grants (revision);
CREATE INDEX access_grants_by_subject ON access_grants (subject, number);

-- Tokens and sessions. hash: SHA-256 of the text in hex, the text is kept nowhere. permissions: a JSON list of {role, scope}, or null.
CREATE TABLE access_tokens (
    id ${text} NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    hash ${text} NOT NULL UNIQUE,
    kind ${text} NOT NULL,
    name ${text} NOT NULL,
    owner ${text} NOT NULL,
    permissions ${text},
    created_at ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    max_idle ${long} NOT NULL,
    revoked_at ${long},
    used_at ${long},
    revision ${long} NOT NULL
)${strict};
CREATE INDEX access_tokens_by_revision ON access_tokens (revision);
CREATE INDEX access_tokens_by_owner ON access_tokens (owner, number);

-- Which subject made a draft, an experiment, a run or a logged model while access was on. thing: as run:<id>.
CREATE TABLE access_creators (
    thing ${text} NOT NULL PRIMARY KEY,
    subject ${text} NOT NULL
)${strict};
