-- Models get an identity beneath their name, so that they can be renamed and a deleted one's name used anew. What refers to a model
-- refers to its id from now on. Tables are made anew beside the old ones, filled, and take their names.
CREATE TABLE models_now (
    id ${long} NOT NULL PRIMARY KEY,
    model TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    collision_key TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    last_ordinal ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
)${strict};
-- rtrim with every character but the slash leaves what comes up to the slash.
INSERT INTO models_now (id, model, namespace, name, collision_key, description, created_at, updated_at, last_ordinal, active)
    SELECT row_number() OVER (ORDER BY created_at, model), model, replace(rtrim(model, replace(model, '/', '')), '/', ''),
        substr(model, length(rtrim(model, replace(model, '/', ''))) + 1), collision_key, '', created_at, created_at, last_ordinal, 1
    FROM models;

-- id: of the version in the whole catalog, 1, 2, 3 …; what a version has is kept under it.
CREATE TABLE versions_now (
    id ${long} NOT NULL PRIMARY KEY,
    model ${long} NOT NULL REFERENCES models_now (id),
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
    UNIQUE (model, ordinal),
    UNIQUE (model, sort_key)
)${strict};
INSERT INTO versions_now
    SELECT row_number() OVER (ORDER BY v.published_at, v.model, v.ordinal), m.id, v.ordinal, v.version, v.sort_key, v.pre_release, v.digest,
        v.manifest, v.card, v.shown_card, v.missing, v.signature, v.least_bump, v.warnings, v.size, v.published_at, v.actor, v.verified, v.reason
    FROM versions v JOIN models_now m ON m.model = v.model;

CREATE TABLE version_files_now (
    version ${long} NOT NULL REFERENCES versions_now (id),
    path TEXT NOT NULL,
    size ${long} NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (version, path)
)${strict};
INSERT INTO version_files_now
    SELECT v.id, f.path, f.size, f.sha256
    FROM version_files f JOIN models_now m ON m.model = f.model JOIN versions_now v ON v.model = m.id AND v.ordinal = f.ordinal;

CREATE TABLE drafts_now (
    id TEXT NOT NULL PRIMARY KEY,
    model ${long} NOT NULL REFERENCES models_now (id),
    created_at ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    published ${long}
)${strict};
INSERT INTO drafts_now
    SELECT d.id, m.id, d.created_at, d.expires_at, d.actor, d.published FROM drafts d JOIN models_now m ON m.model = d.model;

CREATE TABLE draft_files_now (
    draft TEXT NOT NULL REFERENCES drafts_now (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size ${long} NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft, path)
)${strict};
INSERT INTO draft_files_now SELECT draft, path, size, sha256 FROM draft_files;

CREATE TABLE alias_moves_now (
    model ${long} NOT NULL REFERENCES models_now (id),
    alias TEXT NOT NULL,
    sequence ${long} NOT NULL,
    ordinal ${long},
    changed_at ${long} NOT NULL,
    actor TEXT NOT NULL,
    verified ${long} NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (model, alias, sequence)
)${strict};
INSERT INTO alias_moves_now
    SELECT m.id, a.alias, a.sequence, a.ordinal, a.changed_at, a.actor, a.verified, a.reason FROM alias_moves a JOIN models_now m ON m.model = a.model;

DROP TABLE alias_moves;
DROP TABLE draft_files;
DROP TABLE drafts;
DROP TABLE version_files;
DROP TABLE versions;
DROP TABLE models;
ALTER TABLE models_now RENAME TO models;
ALTER TABLE versions_now RENAME TO versions;
ALTER TABLE version_files_now RENAME TO version_files;
ALTER TABLE drafts_now RENAME TO drafts;
ALTER TABLE draft_files_now RENAME TO draft_files;
ALTER TABLE alias_moves_now RENAME TO alias_moves;

-- Only one model at a time has a name.
CREATE UNIQUE INDEX models_by_key ON models (collision_key) WHERE active = 1;
CREATE INDEX models_by_full_name ON models (model, active);
CREATE INDEX models_by_name ON models (name);
CREATE INDEX versions_by_digest ON versions (digest);
CREATE INDEX releases ON versions (model, pre_release, sort_key);
-- Which blobs are reachable: a blob that no such table names may be swept.
CREATE INDEX version_files_by_blob ON version_files (sha256);
CREATE INDEX draft_files_by_blob ON draft_files (sha256);

-- Where each alias points now: its newest move, so that nobody has to look for it among all moves.
CREATE TABLE aliases (
    model ${long} NOT NULL REFERENCES models (id),
    alias TEXT NOT NULL,
    ordinal ${long} NOT NULL,
    PRIMARY KEY (model, alias)
)${strict};
CREATE INDEX aliases_by_version ON aliases (model, ordinal);
INSERT INTO aliases
    SELECT m.model, m.alias, m.ordinal FROM alias_moves m
    WHERE m.ordinal IS NOT NULL
        AND m.sequence = (SELECT max(n.sequence) FROM alias_moves n WHERE n.model = m.model AND n.alias = m.alias);

-- What changes of a version: what people say about it, and whether it was deleted. Its row in versions never changes. updated_at is
-- milliseconds since 1970, as clients search by it.
CREATE TABLE version_states (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    model ${long} NOT NULL,
    ordinal ${long} NOT NULL,
    description TEXT NOT NULL,
    stage TEXT NOT NULL,
    updated_at ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
)${strict};
CREATE INDEX version_states_by_stage ON version_states (model, stage, active, ordinal);
CREATE INDEX version_states_by_change ON version_states (updated_at);
INSERT INTO version_states
    SELECT id, model, ordinal, '', 'None', published_at / 1000, 1, NULL FROM versions;

-- Where a version came from that was registered from elsewhere. location: of its files, as clients fetch them; external: 1 when it has no bytes here.
CREATE TABLE version_origins (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    source TEXT NOT NULL,
    location TEXT NOT NULL,
    run TEXT,
    logged_model TEXT,
    run_link TEXT,
    external ${long} NOT NULL
)${strict};
CREATE INDEX version_origins_by_run ON version_origins (run);
CREATE INDEX version_origins_by_model ON version_origins (logged_model);

-- head: the first characters of the value, which are indexed.
CREATE TABLE model_tags (
    model ${long} NOT NULL REFERENCES models (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (model, key)
)${strict};
CREATE INDEX model_tags_by_value ON model_tags (key, head, model);

CREATE TABLE version_tags (
    version ${long} NOT NULL REFERENCES versions (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (version, key)
)${strict};
CREATE INDEX version_tags_by_value ON version_tags (key, head, version);

-- What searches of versions look at.
CREATE VIEW version_search AS
    SELECT v.id, v.model, m.namespace, m.name, v.ordinal, v.version, v.sort_key, v.pre_release, v.digest, v.actor AS user_id, v.published_at / 1000 AS created_at,
        s.updated_at, s.description, s.stage, s.active, 'READY' AS status, coalesce(o.source, '') AS source, o.run, o.logged_model,
        coalesce(o.external, 0) AS external
    FROM versions v
        JOIN version_states s ON s.version = v.id
        JOIN models m ON m.id = v.model AND m.active = 1
        LEFT JOIN version_origins o ON o.version = v.id;
