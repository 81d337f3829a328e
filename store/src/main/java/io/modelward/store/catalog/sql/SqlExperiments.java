package io.modelward.store.catalog.sql;

import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import io.modelward.store.catalog.Experiments;
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
    public void insert(Experiment experiment) {
        handle.createUpdate("INSERT INTO experiments (id, name, artifact_location, active, created_at, updated_at)"
                        + " VALUES (:id, :name, :location, 1, :createdAt, :updatedAt)")
                .bind("id", experiment.id())
                .bind("name", experiment.name())
                .bind("location", experiment.artifactLocation())
                .bind("createdAt", experiment.createdAt())
                .bind("updatedAt", experiment.updatedAt())
                .execute();
    }

    @Override
    public Optional<Experiment> find(long id) {
        return handle.createQuery("SELECT * FROM experiments WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<Experiment> findByName(String name) {
        return handle.createQuery("SELECT * FROM experiments WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void update(Experiment experiment) {
        handle.createUpdate("UPDATE experiments SET name = :name, updated_at = :updatedAt, active = :active,"
                        + " deleted_at = :deletedAt WHERE id = :id")
                .bind("id", experiment.id())
                .bind("name", experiment.name())
                .bind("updatedAt", experiment.updatedAt())
                .bind("active", experiment.active() ? 1 : 0)
                .bind("deletedAt", Columns.orNull(experiment.deletedAt()))
                .execute();
    }

    @Override
    public Found<Experiment> search(Search search) {
        return new SearchSql(handle, dialect, SearchSource.EXPERIMENTS)
                .run(search, List.of(), new Bindings(), (row, context) -> read(row));
    }

    @Override
    public void setTag(long experiment, String key, String value) {
        new Sides(handle).set(TAGS, OWNER, experiment, new KeyValue(key, value));
    }

    @Override
    public boolean deleteTag(long experiment, String key) {
        return new Sides(handle).delete(TAGS, OWNER, experiment, key);
    }

    @Override
    public Map<Long, List<KeyValue>> tags(Collection<Long> experiments) {
        return new Sides(handle)
                .ofEach(
                        experiments,
                        "SELECT * FROM experiment_tags WHERE experiment",
                        "experiment, key",
                        (row, context) -> row.getLong(OWNER),
                        (row, context) -> Columns.entry(row));
    }

    private static Experiment read(ResultSet row) throws SQLException {
        return new Experiment(
                row.getLong("id"),
                row.getString("name"),
                row.getString("artifact_location"),
                row.getLong("created_at"),
                row.getLong("updated_at"),
                Columns.optionalLong(row, "deleted_at"));
    }
}
