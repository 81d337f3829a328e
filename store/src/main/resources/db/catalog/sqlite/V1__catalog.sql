-- Times are microseconds since 1970. Booleans are 0 or 1. JSON is text, byte for byte as it was written.
CREATE TABLE models (
    model TEXT NOT NULL PRIMARY KEY,
    collision_key TEXT NOT NULL UNIQUE,
    created_at ${long} NOT NULL,
    last_ordinal ${long} NOT NULL
)${strict};

CREATE TABLE versions (
    model TEXT NOT NULL REFERENCES models (model),
    ordinal ${long} NOT NULL,
    version TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    pre_release ${long} NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    card TEXT NOT NULL,
    shown_card TEXT NOT NULL,
    missing TEXT NOT NULL,
    signature TEXT NOT NULL,
    least_bump TEXT NOT NULL,
    warnings TEXT NOT NULL,
    size ${long} NOT NULL,
    published_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (model, ordinal),
    UNIQUE (model, sort_key)
)${strict};
CREATE INDEX versions_by_digest ON versions (digest);

-- Which blobs are reachable: a blob that is in neither table may be swept.
CREATE TABLE version_files (
    model TEXT NOT NULL,
    ordinal ${long} NOT NULL,
    path TEXT NOT NULL,
    size ${long} NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (model, ordinal, path),
    FOREIGN KEY (model, ordinal) REFERENCES versions (model, ordinal)
)${strict};
CREATE INDEX version_files_by_blob ON version_files (sha256);

-- published: the ordinal that the draft became; its row stays until it expires, so that publishing may be asked again.
CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    model TEXT NOT NULL REFERENCES models (model),
    created_at ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    published ${long}
)${strict};

CREATE TABLE draft_files (
    draft TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size ${long} NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft, path)
)${strict};
CREATE INDEX draft_files_by_blob ON draft_files (sha256);

-- Every move of every alias; the newest row of an alias is where it points, and no version means that it was deleted.
CREATE TABLE alias_moves (
    model TEXT NOT NULL REFERENCES models (model),
    alias TEXT NOT NULL,
    sequence ${long} NOT NULL,
    ordinal ${long},
    changed_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (model, alias, sequence)
)${strict};

CREATE TABLE endpoints (
    endpoint TEXT NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    revision ${long} NOT NULL,
    created_at ${long} NOT NULL
)${strict};

CREATE TABLE route_revisions (
    endpoint TEXT NOT NULL REFERENCES endpoints (endpoint),
    revision ${long} NOT NULL,
    cause TEXT NOT NULL,
    arms TEXT NOT NULL,
    contract TEXT NOT NULL,
    contract_changed ${long} NOT NULL,
    changed_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (endpoint, revision)
)${strict};

CREATE TABLE audit (
    sequence ${long} NOT NULL PRIMARY KEY,
    at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
)${strict};
CREATE INDEX audit_by_subject ON audit (subject, sequence);
