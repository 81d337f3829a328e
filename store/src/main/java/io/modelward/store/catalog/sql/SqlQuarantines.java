package io.modelward.store.catalog.sql;

import io.modelward.core.digest.Digest;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table of versions that were rolled back. */
record SqlQuarantines(Handle handle) {

    void insert(Quarantine quarantine) {
        handle.createUpdate("INSERT INTO quarantines (endpoint, digest, rollout, model, version, since, why)"
                        + " VALUES (:endpoint, :digest, :rollout, :model, :version, :since, :why)")
                .bind("endpoint", quarantine.endpoint())
                .bind("digest", quarantine.digest().toString())
                .bind("rollout", quarantine.rollout())
                .bind("model", quarantine.model().toString())
                .bind("version", quarantine.version().toString())
                .bind("since", Columns.micros(quarantine.since()))
                .bind("why", quarantine.why())
                .execute();
    }

    List<Quarantine> list(String endpoint) {
        return handle.createQuery("SELECT * FROM quarantines WHERE endpoint = :endpoint AND released_at IS NULL"
                        + " ORDER BY since DESC")
                .bind("endpoint", endpoint)
                .map((row, context) -> new Quarantine(
                        row.getString("endpoint"),
                        Digest.parse(row.getString("digest")),
                        row.getString("rollout"),
                        ModelName.parse(row.getString("model")),
                        SemVer.parse(row.getString("version")),
                        Columns.instant(row, "since"),
                        row.getString("why")))
                .list();
    }

    void release(String endpoint, Digest digest, Instant at) {
        handle.createUpdate("UPDATE quarantines SET released_at = :at"
                        + " WHERE endpoint = :endpoint AND digest = :digest AND released_at IS NULL")
                .bind("endpoint", endpoint)
                .bind("digest", digest.toString())
                .bind("at", Columns.micros(at))
                .execute();
    }
}
