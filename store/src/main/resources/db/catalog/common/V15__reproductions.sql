-- Runs that make a version once more. version: the id of the version. tolerance: a number, as text. report: JSON, as core/job writes it; null
-- until the two versions were compared.
CREATE TABLE reproductions (
    run ${text} NOT NULL PRIMARY KEY,
    version ${long} NOT NULL,
    tolerance ${text} NOT NULL,
    report ${text}
)${strict};
CREATE INDEX reproductions_by_version ON reproductions (version);
