package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.Experiments;
import io.modelward.store.catalog.Found;
import io.modelward.store.catalog.Search;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlExperiments(Handle handle, Dialect dialect) implements Experiments {

    private static final String TAGS = "experiment_tags";
    private static final String OWNER = "experiment";

    @Override
    public long nextId() {
        return handle.createQuery("SELECT max(id) + 1 FROM experiments")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void insert(Row row) {
        handle.createUpdate("INSERT INTO experiments (id, name, artifact_location, active, created_at, updated_at)"
                        + " VALUES (:id, :name, :location, 1, :createdAt, :updatedAt)")
                .bind("id", row.id())
                .bind("name", row.name())
                .bind("location", row.artifactLocation())
                .bind("createdAt", row.createdAt())
                .bind("updatedAt", row.updatedAt())
                .execute();
    }

    @Override
    public Optional<Row> find(long id) {
        return handle.createQuery("SELECT * FROM experiments WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<Row> findByName(String name) {
        return handle.createQuery("SELECT * FROM experiments WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void update(Row row) {
        handle.createUpdate("UPDATE experiments SET name = :name, updated_at = :updatedAt, active = :active,"
                        + " deleted_at = :deletedAt WHERE id = :id")
                .bind("id", row.id())
                .bind("name", row.name())
                .bind("updatedAt", row.updatedAt())
                .bind("active", row.active() ? 1 : 0)
                .bind("deletedAt", Columns.orNull(row.deletedAt()))
                .execute();
    }

    @Override
    public Found<Row> search(Search search) {
        return new SearchSql(handle, dialect, SearchSource.EXPERIMENTS)
                .run(search, List.of(), new Bindings(), (row, context) -> read(row));
    }

    @Override
    public void setTag(long experiment, String key, String value) {
        new Sides(handle).set(TAGS, OWNER, experiment, new Entry(key, value));
    }

    @Override
    public boolean deleteTag(long experiment, String key) {
        return new Sides(handle).delete(TAGS, OWNER, experiment, key);
    }

    @Override
    public Map<Long, List<Entry>> tags(Collection<Long> experiments) {
        return new Sides(handle)
                .ofEach(
                        experiments,
                        "SELECT * FROM experiment_tags WHERE experiment",
                        "experiment, key",
                        (row, context) -> row.getLong(OWNER),
                        (row, context) -> Columns.entry(row));
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                row.getString("name"),
                row.getString("artifact_location"),
                row.getLong("created_at"),
                row.getLong("updated_at"),
                Columns.optionalLong(row, "deleted_at"));
    }
}
