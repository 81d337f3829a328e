-- Which blobs the blob store holds. state: present, or condemned while the blob is removed; since: of the state, microseconds, and of
-- one that is present the time at which it was last stored. A row is there before the blob is named by another table.
CREATE TABLE blobs (
    sha256 ${text} NOT NULL PRIMARY KEY,
    size ${long} NOT NULL,
    state ${text} NOT NULL,
    since ${long} NOT NULL
)${strict};
CREATE INDEX blobs_by_state ON blobs (state, since);
INSERT INTO blobs (sha256, size, state, since)
    SELECT sha256, max(size), 'present', 0
    FROM (SELECT sha256, size FROM version_files UNION SELECT sha256, size FROM draft_files UNION SELECT sha256, size FROM artifacts) named
    GROUP BY sha256;

-- Which registry this is, one row: its data directory has the same name in the file registry. state: complete, or copying while a copy of
-- another catalog is not finished, which no server opens. One that was begun before is named by
-- the time of its first audit entry, so that each copy of it has the same name.
CREATE TABLE registry (
    id ${long} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL,
    state ${text} NOT NULL
)${strict};
INSERT INTO registry (id, name, state) SELECT 1, 'since-' || min(at), 'complete' FROM audit HAVING count(*) > 0;
