package io.modelward.store.catalog.sql;

import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Found;
import io.modelward.store.catalog.Models;
import io.modelward.store.catalog.Search;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

record SqlModels(Handle handle) implements Models {

    @Override
    public Optional<Row> find(ModelName model) {
        return handle.createQuery("SELECT * FROM models WHERE model = :model AND active = 1")
                .bind("model", model.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<Row> find(ModelId id) {
        return handle.createQuery("SELECT * FROM models WHERE id = :id")
                .bind("id", id.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<Row> findColliding(ModelName model) {
        return handle.createQuery("SELECT * FROM models WHERE collision_key = :key AND active = 1")
                .bind("key", model.key())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Row insert(ModelName model, String description, Instant createdAt) {
        long id = handle.createQuery("SELECT coalesce(max(id), 0) + 1 FROM models")
                .mapTo(Long.class)
                .one();
        Row row = new Row(new ModelId(id), model, description, createdAt, createdAt, 0, Optional.empty());
        named(
                        handle.createUpdate(
                                        "INSERT INTO models (id, model, namespace, name, collision_key, description,"
                                                + " created_at, updated_at, last_ordinal, active) VALUES (:id, :model, :namespace, :name, :key,"
                                                + " :description, :at, :at, 0, 1)")
                                .bind("at", Columns.micros(createdAt)),
                        row)
                .execute();
        return row;
    }

    @Override
    public void update(Row row) {
        named(
                        handle.createUpdate("UPDATE models SET model = :model, namespace = :namespace, name = :name,"
                                        + " collision_key = :key, description = :description, updated_at = :updated, active = :active,"
                                        + " deleted_at = :deleted WHERE id = :id")
                                .bind("updated", Columns.micros(row.updatedAt()))
                                .bind("active", row.active() ? 1 : 0)
                                .bind("deleted", Columns.microsOrNull(row.deletedAt())),
                        row)
                .execute();
    }

    private static Update named(Update update, Row row) {
        return update.bind("id", row.id().value())
                .bind("model", row.model().toString())
                .bind("namespace", row.model().namespace())
                .bind("name", row.model().name())
                .bind("key", row.model().key())
                .bind("description", row.description());
    }

    @Override
    public long takeOrdinal(ModelId id, Instant at) {
        return handle.createQuery("UPDATE models SET last_ordinal = last_ordinal + 1, updated_at = :at WHERE id = :id"
                        + " RETURNING last_ordinal")
                .bind("id", id.value())
                .bind("at", Columns.micros(at))
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Row> list(String after, int limit) {
        return handle.createQuery(
                        "SELECT * FROM models WHERE model > :after AND active = 1 ORDER BY model LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    @Override
    public Found<Row> search(Search search) {
        Bindings bindings = new Bindings();
        List<String> here = List.of("r.namespace = " + bindings.add(ModelName.DEFAULT_NAMESPACE));
        return new SearchSql(handle, SearchSource.MODELS).run(search, here, bindings, (row, context) -> read(row));
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                new ModelId(row.getLong("id")),
                ModelName.parse(row.getString("model")),
                row.getString("description"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"),
                row.getLong("last_ordinal"),
                Columns.optionalInstant(row, "deleted_at"));
    }
}
