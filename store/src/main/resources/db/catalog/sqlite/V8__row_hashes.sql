-- row_hash: SHA-256 over the table's name and the values of the row (RowHash has the form), so that damage in what must not change is found.
-- Rows of earlier releases have none.
ALTER TABLE versions ADD COLUMN row_hash ${bytes};
ALTER TABLE version_files ADD COLUMN row_hash ${bytes};
ALTER TABLE route_revisions ADD COLUMN row_hash ${bytes};
ALTER TABLE evidence ADD COLUMN row_hash ${bytes};
ALTER TABLE audit ADD COLUMN row_hash ${bytes};

-- chain: SHA-256 over the chain of the entry before, the entry's sequence and its row_hash; empty until the sequencer has come by.
ALTER TABLE audit ADD COLUMN chain ${bytes};

-- How far the sequencer has come: no row or one.
CREATE TABLE audit_head (
    id ${long} NOT NULL PRIMARY KEY,
    sequence ${long} NOT NULL,
    chain ${bytes} NOT NULL
)${strict};
