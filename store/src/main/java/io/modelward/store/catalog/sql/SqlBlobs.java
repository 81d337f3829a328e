package io.modelward.store.catalog.sql;

import io.modelward.core.digest.Digest;
import io.modelward.store.catalog.Blobs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

record SqlBlobs(Handle handle) implements Blobs {

    private static final String PRESENT = word(State.PRESENT);
    private static final String CONDEMNED = word(State.CONDEMNED);

    /** Nothing names the blob b. */
    private static final String UNNAMED = " AND NOT EXISTS (SELECT 1 FROM version_files f WHERE f.sha256 = b.sha256)"
            + " AND NOT EXISTS (SELECT 1 FROM draft_files f WHERE f.sha256 = b.sha256)"
            + " AND NOT EXISTS (SELECT 1 FROM artifacts f WHERE f.sha256 = b.sha256)"
            + " AND NOT EXISTS (SELECT 1 FROM job_blobs f WHERE f.sha256 = b.sha256)";

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<Row> find(Digest blob) {
        return handle.createQuery("SELECT * FROM blobs WHERE sha256 = :blob")
                .bind("blob", blob.toString())
                .map((row, context) -> row(row))
                .findOne();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Digest.parse(row.getString("sha256")),
                row.getLong("size"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Columns.instant(row, "since"));
    }

    @Override
    public List<Row> present(String after, int limit) {
        return handle.createQuery("SELECT * FROM blobs WHERE state = :present AND sha256 > :after"
                        + " ORDER BY sha256 LIMIT :limit")
                .bind("present", PRESENT)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public long countPresent() {
        return handle.createQuery("SELECT count(*) FROM blobs WHERE state = :present")
                .bind("present", PRESENT)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Digest> named(String after, int limit) {
        return handle.createQuery("SELECT sha256 FROM version_files WHERE sha256 > :after"
                        + " UNION SELECT sha256 FROM draft_files WHERE sha256 > :after"
                        + " UNION SELECT sha256 FROM artifacts WHERE sha256 > :after"
                        + " UNION SELECT sha256 FROM job_blobs WHERE sha256 > :after ORDER BY 1 LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> Digest.parse(row.getString("sha256")))
                .list();
    }

    @Override
    public boolean store(Digest blob, long size, Instant at) {
        return handle.createUpdate("INSERT INTO blobs (sha256, size, state, since) VALUES (:blob, :size, :present, :at)"
                                + " ON CONFLICT (sha256) DO UPDATE SET since = excluded.since WHERE"
                                + " blobs.state = :present")
                        .bind("blob", blob.toString())
                        .bind("size", size)
                        .bind("present", PRESENT)
                        .bind("at", Columns.micros(at))
                        .execute()
                > 0;
    }

    @Override
    public List<Digest> unnamed(Instant before, int limit) {
        return handle.createQuery("SELECT b.sha256 FROM blobs b WHERE b.state = :present AND b.since < :before"
                        + UNNAMED + " LIMIT :limit")
                .bind("present", PRESENT)
                .bind("before", Columns.micros(before))
                .bind("limit", limit)
                .map((row, context) -> Digest.parse(row.getString("sha256")))
                .list();
    }

    @Override
    public Total freeable(Instant before, Instant due) {
        return handle.createQuery("SELECT count(*) AS blobs, coalesce(sum(b.size), 0) AS bytes FROM blobs b"
                        + " WHERE b.state = :condemned OR (b.state = :present AND b.since < :before"
                        + " AND NOT EXISTS (SELECT 1 FROM version_files f WHERE f.sha256 = b.sha256"
                        + " AND NOT EXISTS (SELECT 1 FROM version_tombstones t WHERE t.version = f.version"
                        + " AND t.undelete_until <= :due))"
                        + " AND NOT EXISTS (SELECT 1 FROM draft_files f WHERE f.sha256 = b.sha256)"
                        + " AND NOT EXISTS (SELECT 1 FROM artifacts f WHERE f.sha256 = b.sha256)"
                        + " AND NOT EXISTS (SELECT 1 FROM job_blobs f WHERE f.sha256 = b.sha256))")
                .bind("condemned", CONDEMNED)
                .bind("present", PRESENT)
                .bind("before", Columns.micros(before))
                .bind("due", Columns.micros(due))
                .map((row, context) -> new Total(row.getLong("blobs"), row.getLong("bytes")))
                .one();
    }

    @Override
    public void condemn(Collection<Digest> blobs, Instant before, Instant at) {
        PreparedBatch batch = handle.prepareBatch("UPDATE blobs AS b SET state = :condemned, since = :at"
                + " WHERE b.sha256 = :blob AND b.state = :present AND b.since < :before" + UNNAMED);
        for (Digest blob : blobs) {
            batch.bind("blob", blob.toString())
                    .bind("condemned", CONDEMNED)
                    .bind("present", PRESENT)
                    .bind("before", Columns.micros(before))
                    .bind("at", Columns.micros(at))
                    .add();
        }
        if (!blobs.isEmpty()) {
            batch.execute();
        }
    }

    @Override
    public boolean condemnStray(Digest blob, Instant at) {
        return handle.createUpdate("INSERT INTO blobs (sha256, size, state, since) SELECT b.sha256, 0, :condemned, :at"
                                + " FROM (SELECT :blob AS sha256) b WHERE 1 = 1" + UNNAMED
                                + " ON CONFLICT (sha256) DO NOTHING")
                        .bind("blob", blob.toString())
                        .bind("condemned", CONDEMNED)
                        .bind("at", Columns.micros(at))
                        .execute()
                > 0;
    }

    @Override
    public List<Digest> condemned(int limit) {
        return handle.createQuery("SELECT sha256 FROM blobs WHERE state = :condemned ORDER BY since LIMIT :limit")
                .bind("condemned", CONDEMNED)
                .bind("limit", limit)
                .map((row, context) -> Digest.parse(row.getString("sha256")))
                .list();
    }

    @Override
    public void forget(Collection<Digest> blobs) {
        PreparedBatch batch = handle.prepareBatch("DELETE FROM blobs WHERE sha256 = :blob AND state = :condemned");
        for (Digest blob : blobs) {
            batch.bind("blob", blob.toString()).bind("condemned", CONDEMNED).add();
        }
        if (!blobs.isEmpty()) {
            batch.execute();
        }
    }
}
