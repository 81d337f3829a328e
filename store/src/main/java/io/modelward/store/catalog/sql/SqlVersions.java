package io.modelward.store.catalog.sql;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.Versions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

record SqlVersions(Handle handle) implements Versions {

    @Override
    public void insert(Row row, List<FileEntry> files) {
        Summary summary = row.summary();
        handle.createUpdate(
                        "INSERT INTO versions (model, ordinal, version, sort_key, pre_release, digest, manifest, card,"
                                + " shown_card, missing, signature, least_bump, warnings, size, published_at, actor, verified,"
                                + " reason) VALUES (:model, :ordinal, :version, :sortKey, :preRelease, :digest, :manifest, :card,"
                                + " :shownCard, :missing, :signature, :leastBump, :warnings, :size, :at, :actor, :verified,"
                                + " :reason)")
                .bind("model", summary.model().toString())
                .bind("ordinal", summary.ordinal())
                .bind("version", summary.version().toString())
                .bind("sortKey", summary.version().sortKey())
                .bind("preRelease", summary.version().isPreRelease() ? 1 : 0)
                .bind("digest", summary.digest().toString())
                .bind("manifest", row.manifest())
                .bind("card", row.card())
                .bind("shownCard", summary.shownCard())
                .bind("missing", row.missing())
                .bind("signature", row.signature())
                .bind("leastBump", row.leastBump())
                .bind("warnings", row.warnings())
                .bind("size", summary.size())
                .bind("at", Columns.micros(summary.published().at()))
                .bind("actor", summary.published().actor())
                .bind("verified", summary.published().verified() ? 1 : 0)
                .bind("reason", summary.published().reason())
                .execute();
        PreparedBatch batch = handle.prepareBatch("INSERT INTO version_files (model, ordinal, path, size, sha256)"
                + " VALUES (:model, :ordinal, :path, :size, :sha256)");
        for (FileEntry file : files) {
            batch.bind("model", summary.model().toString())
                    .bind("ordinal", summary.ordinal())
                    .bind("path", file.path().value())
                    .bind("size", file.size())
                    .bind("sha256", file.sha256().toString())
                    .add();
        }
        batch.execute();
    }

    @Override
    public Optional<Row> find(ModelName model, SemVer version) {
        return one(query("SELECT * FROM versions WHERE model = :model AND sort_key = :key", model)
                .bind("key", version.sortKey()));
    }

    @Override
    public Optional<Row> findByOrdinal(ModelName model, long ordinal) {
        return one(query("SELECT * FROM versions WHERE model = :model AND ordinal = :ordinal", model)
                .bind("ordinal", ordinal));
    }

    @Override
    public Optional<Row> findByDigest(ModelName model, Digest digest) {
        return one(query(
                        "SELECT * FROM versions WHERE model = :model AND digest = :digest ORDER BY ordinal LIMIT 1",
                        model)
                .bind("digest", digest.toString()));
    }

    @Override
    public List<SemVer> numbers(ModelName model) {
        return query("SELECT version FROM versions WHERE model = :model ORDER BY sort_key", model)
                .mapTo(String.class)
                .map(SemVer::parse)
                .list();
    }

    @Override
    public List<Summary> list(ModelName model, String afterKey, int limit) {
        return query(
                        "SELECT * FROM versions WHERE model = :model AND sort_key > :after ORDER BY sort_key LIMIT :limit",
                        model)
                .bind("after", afterKey)
                .bind("limit", limit)
                .map((row, context) -> summary(row))
                .list();
    }

    @Override
    public Optional<FileEntry> file(ModelName model, long ordinal, String path) {
        return query(
                        "SELECT path, size, sha256 FROM version_files WHERE model = :model AND ordinal = :ordinal"
                                + " AND path = :path",
                        model)
                .bind("ordinal", ordinal)
                .bind("path", path)
                .map((row, context) -> Columns.file(row))
                .findOne();
    }

    @Override
    public long count() {
        return handle.createQuery("SELECT count(*) FROM versions")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public boolean refersTo(Digest blob) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM version_files WHERE sha256 = :blob)"
                        + " OR EXISTS (SELECT 1 FROM draft_files WHERE sha256 = :blob)"
                        + " OR EXISTS (SELECT 1 FROM artifacts WHERE sha256 = :blob)")
                .bind("blob", blob.toString())
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public void forEach(Consumer<Summary> consumer) {
        handle.createQuery("SELECT * FROM versions ORDER BY model, sort_key")
                .map((row, context) -> summary(row))
                .forEach(consumer);
    }

    private Query query(String sql, ModelName model) {
        return handle.createQuery(sql).bind("model", model.toString());
    }

    private static Optional<Row> one(Query query) {
        return query.map((row, context) -> new Row(
                        summary(row),
                        row.getString("manifest"),
                        row.getString("card"),
                        row.getString("missing"),
                        row.getString("signature"),
                        row.getString("least_bump"),
                        row.getString("warnings")))
                .findOne();
    }

    private static Summary summary(ResultSet row) throws SQLException {
        return new Summary(
                ModelName.parse(row.getString("model")),
                SemVer.parse(row.getString("version")),
                row.getLong("ordinal"),
                Digest.parse(row.getString("digest")),
                row.getLong("size"),
                Columns.change(row, "published_at"),
                row.getString("shown_card"));
    }
}
