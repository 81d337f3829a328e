package io.modelward.store.catalog.sql;

import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Models;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlModels(Handle handle) implements Models {

    @Override
    public Optional<Row> find(ModelName model) {
        return handle.createQuery("SELECT * FROM models WHERE model = :model")
                .bind("model", model.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<Row> findColliding(ModelName model) {
        return handle.createQuery("SELECT * FROM models WHERE collision_key = :key")
                .bind("key", model.key())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void insert(ModelName model, Instant createdAt) {
        handle.createUpdate("INSERT INTO models (model, collision_key, created_at, last_ordinal)"
                        + " VALUES (:model, :key, :at, 0)")
                .bind("model", model.toString())
                .bind("key", model.key())
                .bind("at", Columns.micros(createdAt))
                .execute();
    }

    @Override
    public long takeOrdinal(ModelName model) {
        return handle.createQuery("UPDATE models SET last_ordinal = last_ordinal + 1 WHERE model = :model"
                        + " RETURNING last_ordinal")
                .bind("model", model.toString())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Row> list(String after, int limit) {
        return handle.createQuery("SELECT * FROM models WHERE model > :after ORDER BY model LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                ModelName.parse(row.getString("model")),
                Columns.instant(row, "created_at"),
                row.getLong("last_ordinal"));
    }
}
