package io.modelward.store.catalog.sql;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Encoded;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionDocuments;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Versions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

record SqlVersions(Handle handle, Dialect dialect) implements Versions {

    private static final String SELECT = "SELECT v.*, m.model AS model_name, s.deleted_at FROM versions v"
            + " JOIN models m ON m.id = v.model JOIN version_states s ON s.version = v.id ";

    @Override
    public long nextId() {
        return handle.createQuery("SELECT coalesce(max(id), 0) + 1 FROM versions")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void insert(PublishedVersion version, List<FileEntry> files) {
        VersionSummary summary = version.summary();
        VersionDocuments documents = version.documents();
        Inserted.into(RowHash.VERSIONS)
                .with(summary.id())
                .with(summary.modelId().value())
                .with(summary.ordinal())
                .with(summary.version().toString())
                .with(summary.version().sortKey())
                .with(summary.version().isPreRelease() ? 1 : 0)
                .with(summary.digest().toString())
                .with(documents.manifest().text())
                .with(documents.card().text())
                .with(summary.shownCard().text())
                .with(documents.missing().text())
                .with(documents.signature().text())
                .with(documents.leastBump().text())
                .with(documents.warnings().text())
                .with(summary.size())
                .with(Columns.micros(summary.published().at()))
                .with(summary.published().actor())
                .with(summary.published().verified() ? 1 : 0)
                .with(summary.published().reason())
                .execute(handle);
        if (files.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(RowHash.insert(RowHash.VERSION_FILES));
        for (FileEntry file : files) {
            Inserted.into(RowHash.VERSION_FILES)
                    .with(summary.id())
                    .with(file.path().value())
                    .with(file.size())
                    .with(file.sha256().toString())
                    .bind(batch);
            batch.add();
        }
        batch.execute();
    }

    @Override
    public Optional<PublishedVersion> find(ModelId model, SemVer version) {
        return one(query("WHERE v.model = :model AND v.sort_key = :key", model).bind("key", version.sortKey()));
    }

    @Override
    public Optional<PublishedVersion> find(long id) {
        return one(handle.createQuery(SELECT + "WHERE v.id = :id").bind("id", id));
    }

    @Override
    public Optional<PublishedVersion> findByOrdinal(ModelId model, long ordinal) {
        return one(
                query("WHERE v.model = :model AND v.ordinal = :ordinal", model).bind("ordinal", ordinal));
    }

    @Override
    public Optional<PublishedVersion> findByDigest(ModelId model, Digest digest) {
        return one(query(
                        "WHERE v.model = :model AND v.digest = :digest AND s.active = 1 ORDER BY v.ordinal LIMIT 1",
                        model)
                .bind("digest", digest.toString()));
    }

    @Override
    public Optional<SemVer> highestNumber(ModelId model) {
        return handle.createQuery("SELECT version FROM versions WHERE model = :model AND pre_release = 0"
                        + " ORDER BY sort_key DESC LIMIT 1")
                .bind("model", model.value())
                .mapTo(String.class)
                .findOne()
                .map(SemVer::parse);
    }

    @Override
    public Optional<PublishedVersion> highestRelease(ModelId model, Optional<SemVer> below) {
        Query query = query(
                "WHERE v.model = :model AND v.pre_release = 0"
                        + (below.isPresent() ? " AND v.sort_key < :below" : "")
                        + " AND NOT EXISTS (SELECT 1 FROM version_origins o WHERE o.version = v.id AND o.external = 1)"
                        + " ORDER BY v.sort_key DESC LIMIT 1",
                model);
        below.ifPresent(version -> query.bind("below", version.sortKey()));
        return one(query);
    }

    @Override
    public Optional<PublishedVersion> highest(ModelId model, Predicate<SemVer> wanted) {
        Query numbers = handle.createQuery("SELECT v.version FROM versions v JOIN version_states s ON s.version = v.id"
                        + " WHERE v.model = :model AND s.active = 1 ORDER BY v.sort_key DESC")
                .bind("model", model.value());
        try (ResultIterator<String> texts = numbers.mapTo(String.class).iterator()) {
            return first(texts, wanted).flatMap(version -> find(model, version));
        }
    }

    private static Optional<SemVer> first(Iterator<String> texts, Predicate<SemVer> wanted) {
        while (texts.hasNext()) {
            SemVer version = SemVer.parse(texts.next());
            if (wanted.test(version)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    @Override
    public long count(ModelId model) {
        return handle.createQuery("SELECT count(*) FROM version_states WHERE model = :model AND active = 1")
                .bind("model", model.value())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<VersionSummary> list(ModelId model, String afterKey, int limit) {
        return query(
                        "WHERE v.model = :model AND v.sort_key > :after AND s.active = 1 ORDER BY v.sort_key"
                                + " LIMIT :limit",
                        model)
                .bind("after", afterKey)
                .bind("limit", limit)
                .map((row, context) -> summary(row))
                .list();
    }

    @Override
    public List<VersionSummary> listDown(ModelId model, String belowKey, int limit) {
        String below = belowKey.isEmpty() ? "" : " AND v.sort_key < :below";
        var query = query(
                        "WHERE v.model = :model" + below + " AND s.active = 1 ORDER BY v.sort_key DESC LIMIT :limit",
                        model)
                .bind("limit", limit);
        if (!belowKey.isEmpty()) {
            query = query.bind("below", belowKey);
        }
        return query.map((row, context) -> summary(row)).list();
    }

    @Override
    public Optional<FileEntry> file(long version, String path) {
        return handle.createQuery(
                        "SELECT path, size, sha256 FROM version_files WHERE version = :version AND path = :path")
                .bind("version", version)
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
    public List<Long> ids(long after, int limit) {
        return handle.createQuery("SELECT id FROM versions WHERE id > :after ORDER BY id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    @Override
    public void forEach(Consumer<VersionSummary> consumer) {
        handle.createQuery(SELECT + "ORDER BY m.model, v.model, v.sort_key")
                .map((row, context) -> summary(row))
                .forEach(consumer);
    }

    @Override
    public Found<PublishedVersion> search(Search search) {
        Bindings bindings = new Bindings();
        List<String> here = List.of("r.namespace = " + bindings.add(ModelName.DEFAULT_NAMESPACE));
        Found<Long> found = new SearchSql(handle, dialect, SearchSource.VERSIONS)
                .run(search, here, bindings, (row, context) -> row.getLong("id"));
        Map<Long, List<PublishedVersion>> rows = new Sides(handle)
                .ofEach(
                        found.items(),
                        SELECT + "WHERE v.id",
                        "v.id",
                        (row, context) -> row.getLong("id"),
                        (row, context) -> row(row));
        return new Found<>(
                found.items().stream()
                        .flatMap(id -> rows.getOrDefault(id, List.of()).stream())
                        .toList(),
                found.cursors(),
                found.more());
    }

    private Query query(String rest, ModelId model) {
        return handle.createQuery(SELECT + rest).bind("model", model.value());
    }

    private static Optional<PublishedVersion> one(Query query) {
        return query.map((row, context) -> row(row)).findOne();
    }

    private static PublishedVersion row(ResultSet row) throws SQLException {
        return new PublishedVersion(
                summary(row),
                VersionDocuments.read(
                        row.getString("manifest"),
                        row.getString("card"),
                        row.getString("missing"),
                        row.getString("signature"),
                        row.getString("least_bump"),
                        row.getString("warnings")));
    }

    private static VersionSummary summary(ResultSet row) throws SQLException {
        return new VersionSummary(
                row.getLong("id"),
                new VersionRef(
                        new ModelId(row.getLong("model")),
                        ModelName.parse(row.getString("model_name")),
                        SemVer.parse(row.getString("version")),
                        Digest.parse(row.getString("digest"))),
                row.getLong("ordinal"),
                row.getLong("size"),
                Columns.change(row, "published_at"),
                Encoded.object(row.getString("shown_card"), "card"),
                Columns.optionalInstant(row, "deleted_at"));
    }
}
