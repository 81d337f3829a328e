-- How long versions are kept. scope: server, namespace:NAME or model:ID. rule: JSON. Times: microseconds.
CREATE TABLE retention_rules (
    scope ${text} NOT NULL PRIMARY KEY,
    rule ${text} NOT NULL,
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL
)${strict};

-- Versions that a person holds, so that no rule deletes them.
CREATE TABLE version_holds (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL
)${strict};

-- Which version was made of which: a copy of its source, and what names another as base_version in its card.
CREATE TABLE version_parents (
    version ${long} NOT NULL REFERENCES versions (id),
    parent ${long} NOT NULL REFERENCES versions (id),
    PRIMARY KEY (version, parent)
)${strict};
CREATE INDEX version_parents_by_parent ON version_parents (parent, version);
INSERT INTO version_parents (version, parent)
    SELECT DISTINCT o.version, v.id
    FROM version_origins o
        JOIN models m ON m.namespace = 'default' AND o.source LIKE 'models:/%'
        JOIN versions v ON v.model = m.id AND v.id <> o.version AND o.source = 'models:/' || m.name || '/' || v.ordinal;

-- Versions that a rule deleted. purged_at: since then their rows of version_files are gone.
CREATE TABLE version_tombstones (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    scope ${text} NOT NULL,
    rule ${text} NOT NULL,
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    undelete_until ${long} NOT NULL,
    purged_at ${long}
)${strict};
CREATE INDEX version_tombstones_by_end ON version_tombstones (undelete_until, version);
